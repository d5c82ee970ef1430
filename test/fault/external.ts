import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Database } from "../../src/platform/Sql/Database.ts"
import { databaseUrl } from "../support/databaseUrl.ts"
import { TestDb } from "../support/TestDb.ts"
import type { Flow } from "../support/flow.ts"
import { clusterPort, makeScene } from "../support/scene.ts"

/** A scene on a database of its own of the run's server. */
export const externalScene = Effect.fnUntraced(function* (flow: Flow = "implementation") {
  const context = yield* Layer.build(Layer.fresh(TestDb))
  return yield* Effect.gen(function* () {
    const { location } = yield* Database
    const env = { DATABASE_URL: databaseUrl(location).href, ...(yield* clusterPort) }
    const scene = yield* makeScene(env, flow)
    yield* scene.map
    return scene
  }).pipe(Effect.provide(context))
})
