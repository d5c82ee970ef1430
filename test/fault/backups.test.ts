import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Option from "effect/Option"
import * as SqlClient from "effect/sql/SqlClient"
import { statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { makeClient } from "../../src/api/client.ts"
import * as Sql from "../../src/platform/Sql.ts"
import { read } from "../../src/platform/Sql/backup/read.ts"
import { write } from "../../src/platform/Sql/backup/write.ts"
import { freePort } from "../../src/sandbox/freePort.ts"
import { cliProcess } from "../support/cliProcess.ts"
import { emptied } from "../support/emptied.ts"
import { folder } from "../support/postgres.ts"
import { eventually, start } from "../support/scene.ts"
import { TestDb } from "../support/TestDb.ts"
import { externalScene } from "./external.ts"
import { bringPeople } from "./people.ts"

/** What the API answers about everything that is stored. */
const answersOf = Effect.fnUntraced(function* (url: string, code: string) {
  let token: string | null = null
  const client = yield* makeClient({ url, token: () => token })
  token = (yield* eventually(
    "the API",
    client.auth.signIn({ payload: { code } }).pipe(Effect.orElseSucceed(() => null))
  )).token
  const log = yield* client.dispatches.log({ query: { limit: 500 } })
  const all = yield* Effect.all({
    dispatches: Effect.forEach(log, ({ id }) =>
      Effect.all([
        client.dispatches.get({ params: { id } }),
        client.dispatches.events({ params: { id } }),
        client.dispatches.logs({ params: { id } })
      ])
    ),
    issues: client.issues.list({ query: {} }),
    mappings: client.mappings.list(),
    dedup: client.issues.dedup(),
    questions: client.questions.list(),
    settings: client.operations.settings(),
    audit: Effect.map(client.audit.list({ query: {} }), (entries) =>
      entries.filter(({ action }) => action !== "sign_in" && action !== "pause")
    )
  })
  return { client, answers: JSON.parse(JSON.stringify({ log, ...all })) as unknown }
}, Effect.provide(FetchHttpClient.layer))

describe("a backup", { timeout: 180_000 }, () => {
  it.live("made under load, restored into an empty directory, gives the same answers and starts paused", () =>
    Effect.gen(function* () {
      const scene = yield* externalScene()
      const { github, linear, sql } = scene
      const { ADMIN_ACCESS_CODE: code = "", DATABASE_URL = "", ...env }: Record<string, string> = scene.env
      const port = yield* freePort
      const url = `http://127.0.0.1:${port}`
      const backup = (file: string) => Effect.provideService(write(file, "0.0.0"), SqlClient.SqlClient, sql)
      const { home, run } = yield* cliProcess({ DATABASE_URL })
      writeFileSync(join(home, ".env"), "")

      const first = yield* start({ ...scene.env, PORT: String(port) })
      yield* scene.idle
      yield* bringPeople(scene)
      const labelled = yield* Effect.forEach(Array.from({ length: 6 }).keys(), (n) =>
        scene.label(`Issue ${n}`)
      )
      yield* scene.askForPass
      const settled = Effect.map(
        sql`select 1 from dispatches where settled_at is not null`,
        ({ length }) => length
      )
      yield* eventually(
        "the first to settle",
        Effect.map(settled, (count) => (count > 0 ? true : null)),
        "60 seconds"
      )
      const loaded = join(home, "loaded.gz")
      const busy = yield* backup(loaded)
      assert.isBelow(yield* settled, labelled.length, "the load ended before the backup")
      const consistent = yield* Effect.andThen(emptied, read(loaded)).pipe(Effect.provide(TestDb))
      assert.deepInclude(consistent, busy)

      yield* Effect.forEach(labelled, (identifier) => scene.settled(identifier, "60 seconds"), {
        concurrency: "unbounded"
      })
      yield* scene.askForPass
      yield* scene.idle
      const before = yield* answersOf(url, code)
      const whole = join(home, "whole.gz")
      const made = yield* run("backup whole.gz --json")
      assert.deepStrictEqual([made.code, made.err], [0, ""])
      assert.strictEqual(statSync(whole).mode & 0o777, 0o600)
      yield* first.kill("SIGTERM")
      yield* first.ended

      const dataDir = join(yield* folder, "data")
      const embedded = yield* cliProcess({ DATA_DIR: dataDir })
      writeFileSync(join(embedded.home, ".env"), "")
      const restored = yield* embedded.run(`restore ${whole} --json`)
      assert.strictEqual(restored.code, 0, restored.err)
      assert.include(restored.err, "Dispatching is paused. This database is a copy")
      const { rows, tables } = JSON.parse(made.out)
      assert.deepInclude(JSON.parse(restored.out), { rows, tables })

      const runs = github.runs().length
      // No pass decides before the answers are compared.
      linear.failNext({ match: "Page", times: Infinity, action: { _tag: "status", status: 503, body: "" } })
      yield* start({ ...env, ADMIN_ACCESS_CODE: code, DATA_DIR: dataDir, PORT: String(port) })
      const after = yield* answersOf(url, code)
      assert.deepStrictEqual(after.answers, before.answers)
      const { paused } = yield* after.client.operations.overview()
      assert.include(paused?.reason, "restored from a backup")

      linear.clearFaults()
      const waiting = yield* scene.label("Waits for the operator")
      const found = yield* eventually(
        "the decision about the new issue",
        Effect.andThen(
          after.client.operations.poll(),
          Effect.map(after.client.issues.list({ query: { issue: waiting } }), ([issue]) => issue ?? null)
        )
      )
      assert.strictEqual(found.reason?._tag, "globally_paused")
      assert.lengthOf(github.runs(), runs)
      const beside = yield* write(join(home, "beside.gz"), "0.0.0").pipe(
        Effect.provide(Sql.attached({ databaseUrl: Option.none(), dataDir }))
      )
      assert.isAbove(beside.rows, rows)
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )
})
