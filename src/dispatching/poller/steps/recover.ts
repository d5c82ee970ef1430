import * as Effect from "effect/Effect"
import { Settings } from "../../../admin/Settings.ts"
import { logAndContinue } from "../../../platform/loops.ts"
import { Upstreams } from "../../../upstreams/health/Upstreams.ts"
import { type Place, RunBackends } from "../../../upstreams/RunBackends.ts"
import { downBackends } from "../../decision/budget.ts"
import { TransitionsRepo } from "../../dispatches/TransitionsRepo.ts"
import { Lifecycle } from "../../lifecycle/Lifecycle.ts"

const maxRecovered = 500

/** Ensures a workflow for every unsettled dispatch, and notifies those whose run has ended. */
export const recover = Effect.fn("Pass.recover")(function* () {
  const transitions = yield* TransitionsRepo
  const lifecycle = yield* Lifecycle
  const unsettled = yield* transitions.unsettledToCheck(maxRecovered)
  yield* Effect.forEach(
    unsettled,
    (row) =>
      lifecycle.ensure(row).pipe(logAndContinue(`Could not resume the dispatch of ${row.issueIdentifier}`)),
    { concurrency: 8, discard: true }
  )
})

/** Calls the run backends that are down: a success ends that before the pass decides. */
export const probeIfDown = Effect.fn("Pass.probeIfDown")(function* () {
  const runBackends = yield* RunBackends
  const upstreams = yield* Upstreams
  const { app } = (yield* Settings).machines
  const down = downBackends(yield* upstreams.states)
  const probe = (place: Place) =>
    runBackends
      .probe(place)
      .pipe(
        Effect.catch(({ message }) =>
          Effect.logWarning(`${place.kind} is down, and the probe failed: ${message}`)
        )
      )
  if (down.github !== null) yield* probe({ kind: "github", owner: "", repo: "" })
  if (down.fly !== null && app !== null) yield* probe({ kind: "fly", app })
})
