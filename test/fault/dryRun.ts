import * as Effect from "effect/Effect"
import { externalScene } from "./external.ts"
import type { Flow } from "../support/flow.ts"
import { assertExactlyOnce } from "./flows.ts"
import { bringPeople } from "./people.ts"
import { passedUntil, stepsFrom } from "./points.ts"
import { start } from "../support/scene.ts"

/** A service with one labelled issue, before the pass that sees it. */
export const begun = Effect.fnUntraced(function* (flow: Flow = "implementation") {
  const scene = yield* externalScene(flow)
  yield* bringPeople(scene)
  const service = yield* start(scene.env)
  yield* scene.idle
  const identifier = yield* scene.label("A dry run")
  return { scene, service, identifier }
})

/** Every step of a dispatch that nothing disturbs, from the first of `from` on. */
export const stepsOfDispatch = Effect.fnUntraced(function* (flow: Flow, from = "Admission.admit") {
  const { scene, service, identifier } = yield* begun(flow)
  yield* service.order({ report: true })
  yield* scene.askForPass
  const passed = yield* passedUntil(service, "Lifecycle.settle 1 end")
  yield* scene.runsEnded(identifier)
  yield* assertExactlyOnce(scene, identifier)
  return stepsFrom(passed, from)
}, Effect.scoped)
