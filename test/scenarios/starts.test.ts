import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import { start } from "../support/engine.ts"
import { eventually } from "../support/eventually.ts"

type Engine = Effect.Success<ReturnType<typeof start>>

const listRuns = "actions/list-workflow-runs-for-repo"

/** Until the monitor has looked at the runs again, twice. */
const looked = Effect.fnUntraced(function* ({ github }: Engine) {
  const looks = Effect.sync(
    () => github.control.calls().filter(({ operation }) => operation === listRuns).length
  )
  const before = yield* looks
  yield* eventually("the monitor has looked twice", looks, (now) => now >= before + 2)
})

/** As if the run had been launched 31 minutes ago. */
const launchedEarlier = ({ sql }: Engine, { id }: Dispatch) =>
  Effect.orDie(sql`update dispatches set started_at = started_at - interval '31 minutes' where id = ${id}`)

const hold = ({ github, runsOf }: Engine, dispatch: Dispatch, status: "queued" | "waiting" | "pending") =>
  Effect.orDie(Effect.forEach(runsOf(dispatch), ({ id }) => github.holdRun(id, status)))

const eventOf = ({ events }: Engine, dispatch: Dispatch, type: string) =>
  eventually(`the event ${type}`, events(dispatch.id), (types) => types.includes(type))

describe("a run that has not ended", () => {
  it.live("that waits for a runner again between two jobs is not stopped", () =>
    Effect.gen(function* () {
      const engine = yield* start()
      const { attempts, deliver, dispatched, github, issue, runsOf, settled } = engine
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      for (const { id } of runsOf(dispatch)) yield* Effect.orDie(github.startRun(id))
      yield* eventOf(engine, dispatch, "run_begun")
      yield* hold(engine, dispatch, "queued")
      yield* launchedEarlier(engine, dispatch)
      yield* looked(engine)
      assert.isNull((yield* attempts(identifier))[0]?.stopRequestedAt)
      yield* deliver(dispatch)
      assert.strictEqual((yield* settled(identifier)).status, "succeeded")
    })
  )

  for (const status of ["waiting", "pending"] as const) {
    it.live(`that is ${status} on GitHub is shown as such, and is not stopped as never started`, () =>
      Effect.gen(function* () {
        const engine = yield* start()
        const { attempts, dispatched, events, finish, issue, settled } = engine
        const identifier = issue()
        const dispatch = yield* dispatched(identifier)
        yield* hold(engine, dispatch, status)
        yield* launchedEarlier(engine, dispatch)
        yield* eventOf(engine, dispatch, `run_${status}`)
        yield* hold(engine, dispatch, "queued")
        yield* looked(engine)
        assert.isNull((yield* attempts(identifier))[0]?.stopRequestedAt)
        assert.lengthOf(
          (yield* events(dispatch.id)).filter((type) => type === `run_${status}`),
          1
        )
        yield* finish(dispatch, "failure")
        assert.strictEqual((yield* settled(identifier)).outcome?.reason, "run_failed")
      })
    )
  }
})
