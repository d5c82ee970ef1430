import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { dirname } from "node:path"
import { Database } from "../../src/Sql/Database.ts"
import { connection, TestDb } from "../support/TestDb.ts"
import { clusterPort, type Flow, makeScene } from "./support.ts"

const urlOf = (database: string) => {
  const { path, host, port, username, password } = connection()
  const url = new URL(`postgres://${host ?? "localhost"}:${port ?? 5432}/${database}`)
  url.searchParams.set("user", username)
  if (path !== undefined) url.searchParams.set("host", dirname(path))
  if (password !== undefined) url.searchParams.set("password", Redacted.value(password))
  return url.href
}

/** A scene on a database of its own of the run's server. */
export const externalScene = Effect.fnUntraced(function* (flow: Flow = "implementation") {
  const context = yield* Layer.build(Layer.fresh(TestDb))
  return yield* Effect.gen(function* () {
    const { location } = yield* Database
    const env = { DATABASE_URL: urlOf(location), ...(yield* clusterPort) }
    const scene = yield* makeScene(env, flow)
    yield* scene.map
    return scene
  }).pipe(Effect.provide(context))
})
