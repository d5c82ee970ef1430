import * as Effect from "effect/Effect"
import { externalScene } from "./external.ts"
import type { Flow } from "../support/flow.ts"
import { bringPeople } from "./people.ts"
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
