import { assert } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as SqlClient from "effect/sql/SqlClient"
import { FactsRepo } from "../../../../src/dispatching/issues/FactsRepo.ts"
import { HoldsRepo } from "../../../../src/dispatching/issues/HoldsRepo.ts"
import {
  type Contract,
  teamKey,
  idOf,
  issueOf,
  reservation,
  outcome,
  reserve,
  readRow,
  running
} from "./fixtures.ts"

export const transactions: Contract = {
  "a transaction is undone as a whole, a nested one alone": Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const holds = yield* HoldsRepo
    const transitions = yield* running
    const ended: Array<string> = []
    yield* sql.withTransaction(
      Effect.gen(function* () {
        yield* transitions.noteRunEnded(idOf(1))
        yield* sql.afterCommit(Effect.sync(() => void ended.push("outer")))
        yield* Effect.exit(
          sql.withTransaction(
            Effect.andThen(
              transitions.end(idOf(1), outcome("failed")),
              Effect.andThen(
                sql.afterCommit(Effect.sync(() => void ended.push("inner"))),
                Effect.fail("undo")
              )
            )
          )
        )
        assert.deepStrictEqual(ended, [])
      })
    )
    const row = yield* readRow(1)
    assert.isNull(row?.outcome ?? null)
    assert.isNotNull(row?.runEndedAt)
    assert.deepStrictEqual(ended, ["outer"])
    yield* Effect.exit(sql.withTransaction(Effect.andThen(holds.hold(idOf(1), "Olga"), Effect.fail("undo"))))
    assert.isFalse(yield* holds.release([issueOf(1)]))
  }),

  "a mapping is locked until the transaction ends, and what it writes is not seen before": Effect.gen(
    function* () {
      const sql = yield* SqlClient.SqlClient
      const facts = yield* FactsRepo
      const locked = yield* Deferred.make<void>()
      const go = yield* Deferred.make<void>()
      const order: Array<string> = []
      const first = yield* sql
        .withTransaction(
          Effect.gen(function* () {
            yield* facts.lockMapping(teamKey)
            yield* reserve(reservation(1))
            yield* Deferred.succeed(locked, undefined)
            yield* Deferred.await(go)
            order.push("first")
          })
        )
        .pipe(Effect.forkChild)
      yield* Deferred.await(locked)
      assert.isNull(yield* readRow(1))
      const second = yield* sql
        .withTransaction(
          Effect.gen(function* () {
            yield* facts.lockMapping(teamKey)
            order.push("second")
            return yield* readRow(1)
          })
        )
        .pipe(Effect.forkChild)
      yield* Effect.yieldNow
      yield* Deferred.succeed(go, undefined)
      yield* Fiber.join(first)
      assert.isNotNull(yield* Fiber.join(second))
      assert.deepStrictEqual(order, ["first", "second"])
    }
  )
}
