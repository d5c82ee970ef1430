import { assert, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { Signals } from "../../src/platform/Signals.ts"
import { eventually } from "../support/eventually.ts"
import { TestDb } from "../support/TestDb.ts"

const listening = (processes: number) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* eventually(
      `${processes} listen`,
      sql`select pid from pg_stat_activity where datname = current_database() and query like 'LISTEN%'`,
      ({ length }) => length === processes
    )
  })

/** Wakes of another process on the same database. */
const another = Effect.map(Layer.build(Layer.fresh(Signals.layer)), Context.get(Signals))

layer(TestDb, { excludeTestServices: true })("a signal", (it) => {
  it.effect("reaches its subscribers on every replica, and no others", () =>
    Effect.gen(function* () {
      const [here, there] = [yield* another, yield* another]
      yield* listening(2)
      const signal = yield* there.subscribe("monitor")
      const other = yield* Effect.forkChild(yield* there.subscribe("comments"))
      yield* here.notify("monitor")
      yield* signal
      assert.isUndefined(other.pollUnsafe())
      yield* Fiber.interrupt(other)
    })
  )

  it.effect("that arrives while its subscriber works is not lost, and several are one", () =>
    Effect.gen(function* () {
      const signals = yield* another
      yield* listening(1)
      const [signal, witness] = [
        yield* signals.subscribe("poller"),
        yield* signals.subscribe("notifications")
      ]
      for (let times = 0; times < 3; times++) yield* signals.notify("poller")
      yield* signals.notify("notifications")
      yield* witness
      yield* signal
      const next = yield* Effect.forkChild(signal)
      yield* signals.notify("notifications")
      yield* witness
      assert.isUndefined(next.pollUnsafe())
      yield* Fiber.interrupt(next)
    })
  )

  it.effect("of a transaction happens when it commits, and not when it is rolled back", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const signals = yield* another
      yield* listening(1)
      const [signal, witness] = [yield* signals.subscribe("poller"), yield* signals.subscribe("monitor")]
      yield* Effect.flip(sql.withTransaction(Effect.andThen(signals.notify("poller"), Effect.fail("no"))))
      yield* signals.notify("monitor")
      yield* witness
      const early = yield* Effect.forkChild(signal)
      yield* sql.withTransaction(
        Effect.gen(function* () {
          yield* signals.notify("poller")
          assert.isUndefined(early.pollUnsafe())
        })
      )
      yield* Fiber.join(early)
    })
  )

  it.effect("reaches every subscriber after the connection was lost, for what may have been missed", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const signals = yield* another
      yield* listening(1)
      const signal = yield* signals.subscribe("pull-requests")
      yield* sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like 'LISTEN%'`
      yield* signal
    })
  )
})
