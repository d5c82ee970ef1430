import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as client from "../../src/platform/Sql/client.ts"
import { folder } from "../support/postgres.ts"
import { makeScene, type Scene } from "../support/scene.ts"
import { assertExactlyOnce } from "./flows.ts"

/** Each issue is settled, as exactly one dispatch with one run. */
export const allOnce = Effect.fnUntraced(function* (scene: Scene, identifiers: ReadonlyArray<string>) {
  yield* Effect.forEach(
    identifiers,
    (identifier) =>
      scene.settled(identifier, "90 seconds").pipe(
        Effect.catch((error) =>
          Effect.gen(function* () {
            const rows = yield* scene.rows(identifier)
            const reason = yield* Effect.orDie(
              scene.sql`select reason from decisions join issues using (issue_id) where identifier = ${identifier}`
            )
            return yield* Effect.die(new Error(`${error.message}: ${JSON.stringify({ rows, reason })}`))
          })
        )
      ),
    { concurrency: "unbounded" }
  )
  yield* scene.idle
  yield* Effect.forEach(identifiers, (identifier) => assertExactlyOnce(scene, identifier))
  assert.lengthOf(scene.github.runs(), identifiers.length)
})

/** A scene on the embedded database of `dataDir`, whose server is stopped in the end. */
export const embeddedScene = Effect.fnUntraced(function* (env: Record<string, string> = {}) {
  const dataDir = yield* folder
  const dir = join(dataDir, "postgres")
  const pidFile = join(dir, "data", "postmaster.pid")
  const postmaster = () => Number.parseInt(readFileSync(pidFile, "utf8"), 10)
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => existsSync(pidFile) && process.kill(postmaster(), "SIGQUIT"))
  )
  const context = yield* Layer.build(
    client.layer({
      path: join(dir, ".s.PGSQL.5432"),
      username: "postgres",
      database: "ai_implement",
      maxConnections: 3
    })
  )
  const scene = yield* makeScene({ DATA_DIR: dataDir, ...env }).pipe(Effect.provide(context))
  return { scene, postmaster, stopped: () => !existsSync(pidFile) }
})
