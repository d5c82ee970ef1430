import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { TransitionsRepo } from "../../src/dispatching/dispatches/TransitionsRepo.ts"
import { insertDispatch } from "../support/dispatchRow.ts"
import { start } from "../support/engine.ts"

describe("unsettled dispatches", () => {
  it.live("are recovered in turns, and those that have ended get as many turns as the live ones", () =>
    Effect.gen(function* () {
      const { pass, services, sql } = yield* start({ mapping: null })
      yield* pass
      const insert = (count: number, outcome?: string) =>
        Effect.replicateEffect(insertDispatch(outcome === undefined ? {} : { outcome }), count).pipe(
          Effect.provideService(SqlClient.SqlClient, sql)
        )
      const ended: Array<string> = yield* insert(2, "failed")
      yield* sql`update dispatches set settled_at = null, workflow_checked_at = now()`
      const live = yield* insert(8)
      yield* insert(1, "delivered")
      const takenUp = (limit: number) =>
        Context.get(services, TransitionsRepo)
          .unsettledToCheck(limit)
          .pipe(Effect.map((rows) => rows.map(({ id }) => id)))
      const turns = yield* Effect.replicateEffect(takenUp(4), 4)
      for (const taken of turns) assert.includeMembers(taken, ended)
      assert.sameMembers(
        turns.flat().filter((id) => !ended.includes(id)),
        live
      )
      assert.sameMembers(yield* takenUp(100), [...ended, ...live])
    })
  )
})
