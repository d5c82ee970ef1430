import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { DispatchesRepo } from "../../../src/dispatching/dispatches/DispatchesRepo.ts"
import { insertDispatch } from "../../support/dispatchRow.ts"
import { TestDb } from "../../support/TestDb.ts"

describe("the log of a run", () => {
  it.effect("is the last 200 lines of its runner, in their order", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const log = yield* DispatchesRepo
      const [id, other] = [yield* insertDispatch(), yield* insertDispatch()]
      yield* sql`insert into dispatch_logs (dispatch_id, at, text)
        select d.id, now(), 'line ' || n from generate_series(1, 205) as n, dispatches d
        where d.id = ${id} or n = 1 order by n`
      const lines = (yield* log.lines(id)).map(({ text }) => text)
      assert.lengthOf(lines, 200)
      assert.deepStrictEqual([lines[0], lines[199]], ["line 6", "line 205"])
      assert.lengthOf(yield* log.lines(other), 1)
    }).pipe(Effect.provide(DispatchesRepo.layer.pipe(Layer.provideMerge(TestDb))))
  )
})
