import { assert, describe, it, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { spawn } from "node:child_process"
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync
} from "node:fs"
import { join } from "node:path"
import * as Embedded from "../../../src/platform/Sql/Embedded.ts"
import * as client from "../../../src/platform/Sql/client.ts"
import { reachable } from "../../../src/platform/Sql/trusted.ts"
import { fast, folder } from "../../support/postgres.ts"
import { launch, type Options } from "../../support/process.ts"

const root = process.getuid?.() === 0
const script = new URL("fixtures/owner.ts", import.meta.url)

const owner = (dataDir: string, options: Options = {}) => launch(script, { ...options, args: [dataDir] })

const decodeSaid = Schema.decodeUnknownEffect(Schema.Struct({ reason: Schema.optional(Schema.String) }))

const pidFileOf = (dataDir: string) => join(dataDir, "postgres", "data", "postmaster.pid")
const postmasterOf = (dataDir: string) => Number.parseInt(readFileSync(pidFileOf(dataDir), "utf8"), 10)

const notes = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`select text from notes`)

const take = Effect.flatMap(SqlClient.SqlClient, (sql) =>
  sql`create table notes (text text not null)`.pipe(Effect.andThen(sql`insert into notes values ('kept')`))
)

/** Runs `effect` on an embedded database that starts before it and stops after it. */
const inside =
  (options: Embedded.Options) =>
  <A, E>(effect: Effect.Effect<A, E, SqlClient.SqlClient>) =>
    effect.pipe(Effect.provide(Embedded.layer({ settings: fast, ...options })))

const quietly = Effect.provideService(References.MinimumLogLevel, "None")

/** A database that was once started and stopped, and lives on as every test leaves it. */
class Stopped extends Context.Service<Stopped, { readonly dataDir: string }>()("test/Stopped") {
  static readonly layer = Layer.effect(
    Stopped,
    Effect.gen(function* () {
      const dataDir = yield* folder
      yield* take.pipe(inside({ dataDir }))
      return { dataDir }
    }).pipe(quietly)
  )
}

layer(Stopped.layer, { excludeTestServices: true })("an embedded database that was there before", (it) => {
  it.effect("is adopted with all its data when its process was killed", () =>
    Effect.gen(function* () {
      const { dataDir } = yield* Stopped
      const killed = yield* owner(dataDir)
      assert.deepStrictEqual(yield* killed.line, { ready: true })
      const left = postmasterOf(dataDir)
      yield* killed.kill("SIGKILL")
      yield* killed.ended
      const adopted = yield* Effect.map(notes, (rows) => ({ rows, pid: postmasterOf(dataDir) })).pipe(
        inside({ dataDir })
      )
      assert.strictEqual(adopted.pid, left)
      assert.deepInclude(adopted.rows, { text: "kept" })
      assert.deepInclude(adopted.rows, { text: `by ${killed.pid}` })
      assert.isFalse(existsSync(pidFileOf(dataDir)))
    }).pipe(quietly)
  )

  it.effect("is refused to a second process with the name of the first, which continues", () =>
    Effect.gen(function* () {
      const { dataDir } = yield* Stopped
      const first = yield* owner(dataDir)
      yield* first.line
      const error = yield* Effect.flip(notes.pipe(inside({ dataDir })))
      assert.strictEqual(error._tag, "DatabaseError")
      assert.include(error.message, `is in use by ai-implement pid ${first.pid}`)
      assert.include(error.message, "choose another DATA_DIR")
      assert.isTrue(existsSync(pidFileOf(dataDir)))
      yield* first.kill("SIGTERM")
      yield* first.ended
      assert.isFalse(existsSync(pidFileOf(dataDir)))
    }).pipe(quietly)
  )

  it.effect("is stopped with its process by SIGTERM and by SIGINT", () =>
    Effect.gen(function* () {
      const { dataDir } = yield* Stopped
      for (const signal of ["SIGTERM", "SIGINT"] as const) {
        const only = yield* owner(dataDir)
        yield* only.line
        yield* only.kill(signal)
        assert.deepStrictEqual(yield* only.ended, { code: 130, signal: null })
        assert.isFalse(existsSync(pidFileOf(dataDir)))
      }
    })
  )

  it.effect("of another major version is refused, with what to do", () =>
    Effect.gen(function* () {
      const { dataDir } = yield* Stopped
      const version = join(dataDir, "postgres", "data", "PG_VERSION")
      writeFileSync(version, "17\n")
      const error = yield* Effect.flip(notes.pipe(inside({ dataDir })))
      writeFileSync(version, "18\n")
      assert.include(
        error.message,
        "was made by PostgreSQL 17, and this release brings 18. It was left unchanged."
      )
      assert.include(error.message, "ai-implement -- backup")
      assert.deepInclude(yield* notes.pipe(inside({ dataDir })), { text: "kept" })
    }).pipe(quietly)
  )

  it.effect("starts over lock files whose pid belongs to another process, or to none", () =>
    Effect.gen(function* () {
      const { dataDir } = yield* Stopped
      const lock = yield* Effect.sync(() => readFileSync(pidFileOf(dataDir), "utf8")).pipe(
        inside({ dataDir })
      )
      const { uid, gid } = statSync(join(dataDir, "postgres"))
      const stranger = yield* Effect.acquireRelease(
        Effect.sync(() => spawn("sleep", ["60"], root ? { uid, gid } : {})),
        (child) => Effect.sync(() => child.kill("SIGKILL"))
      )
      for (const pid of [stranger.pid, 2 ** 22 + 1]) {
        writeFileSync(pidFileOf(dataDir), lock.replace(/^\d+/, String(pid)))
        writeFileSync(join(dataDir, "postgres", ".s.PGSQL.5432.lock"), lock.replace(/^\d+/, String(pid)))
        assert.deepInclude(yield* notes.pipe(inside({ dataDir })), { text: "kept" })
      }
    }).pipe(quietly)
  )

  it.effect("is started again when its server is killed", () =>
    Effect.gen(function* () {
      const { dataDir } = yield* Stopped
      yield* Effect.gen(function* () {
        const killed = postmasterOf(dataDir)
        process.kill(killed, "SIGKILL")
        const rows = yield* Effect.retry(notes, { schedule: Schedule.spaced("50 millis"), times: 100 })
        assert.deepInclude(rows, { text: "kept" })
        assert.notStrictEqual(postmasterOf(dataDir), killed)
      }).pipe(inside({ dataDir }))
      assert.isFalse(existsSync(pidFileOf(dataDir)))
    }).pipe(quietly)
  )
})

describe("a new embedded database", () => {
  it.live("is private, keeps its data and is reached by a socket only", () =>
    Effect.gen(function* () {
      const dataDir = join(yield* folder, "not, there", "yet")
      yield* Effect.gen(function* () {
        const { connection, dir } = yield* Embedded.make({ dataDir, settings: fast })
        assert.strictEqual(statSync(dir).mode & 0o777, 0o700)
        assert.strictEqual(connection.path, join(dir, ".s.PGSQL.5432"))
        const addresses = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`show listen_addresses`)
        const listening = yield* Effect.andThen(take, addresses).pipe(
          Effect.provide(client.layer(connection))
        )
        assert.deepStrictEqual(listening, [{ listenAddresses: "" }])
      }).pipe(Effect.scoped)
      assert.isFalse(existsSync(pidFileOf(dataDir)))
      assert.deepStrictEqual(yield* notes.pipe(inside({ dataDir })), [{ text: "kept" }])
    }).pipe(quietly)
  )

  it.live("goes to one of three processes that start at once", () =>
    Effect.gen(function* () {
      const dataDir = yield* folder
      const three = yield* Effect.all([owner(dataDir), owner(dataDir), owner(dataDir)])
      const said = yield* Effect.forEach(three, ({ line }) => Effect.flatMap(line, decodeSaid))
      assert.deepStrictEqual(said.map(({ reason = "ready" }) => reason).sort(), ["InUse", "InUse", "ready"])
      yield* Effect.forEach(three, ({ kill }) => kill("SIGTERM"))
      yield* Effect.forEach(three, ({ ended }) => ended)
      assert.deepStrictEqual(
        readdirSync(join(dataDir, "postgres")).filter((name) => name.includes("new")),
        []
      )
    })
  )

  it.live("listens on loopback, with a password, where the path is too long for a socket", () =>
    Effect.gen(function* () {
      const dataDir = join(yield* folder, "a".repeat(100))
      const { connection } = yield* Embedded.make({ dataDir, settings: fast })
      assert.strictEqual(connection.host, "127.0.0.1")
      yield* take.pipe(Effect.provide(client.layer(connection)))
      assert.deepStrictEqual(yield* notes.pipe(Effect.provide(client.layer(connection))), [{ text: "kept" }])
      const guess = { ...connection, password: Redacted.make("guess") }
      const error = yield* Effect.flip(notes.pipe(Effect.provide(client.layer(guess))))
      assert.strictEqual(error.reason._tag, "AuthenticationError")
    }).pipe(quietly)
  )

  it.live.runIf(root)("made by a release that kept no record is adopted by root, and recorded", () =>
    Effect.gen(function* () {
      const dataDir = yield* folder
      yield* take.pipe(inside({ dataDir }))
      const record = join(dataDir, "postgres.owner")
      rmSync(record)
      assert.deepStrictEqual(yield* notes.pipe(inside({ dataDir })), [{ text: "kept" }])
      assert.strictEqual(readFileSync(record, "utf8"), "65534:65534\n")
    }).pipe(quietly)
  )

  it.live.runIf(root)("is kept elsewhere by root where only root can reach DATA_DIR", () =>
    Effect.gen(function* () {
      const parent = yield* folder
      const stateDir = join(parent, "state")
      const closed = join(parent, "private")
      const dataDir = join(closed, "data")
      mkdirSync(closed, { mode: 0o700 })
      yield* take.pipe(inside({ dataDir, stateDir }))
      assert.deepStrictEqual(readdirSync(dataDir), [])
      const [key = "", ...others] = readdirSync(stateDir)
      assert.deepStrictEqual(others, [`${key}.owner`])
      chmodSync(closed, 0o755)
      assert.deepStrictEqual(yield* notes.pipe(inside({ dataDir, stateDir })), [{ text: "kept" }])
    }).pipe(quietly)
  )

  it.live.runIf(root && reachable(process.execPath, { uid: 1, gid: 1 }))(
    "of an ordinary user runs as that user, for root too, and for no other",
    () =>
      Effect.gen(function* () {
        const dataDir = join(yield* folder, "own")
        mkdirSync(dataDir)
        chownSync(dataDir, 1, 1)
        const only = yield* owner(dataDir, { uid: 1, gid: 1 })
        assert.deepStrictEqual(yield* only.line, { ready: true })
        assert.strictEqual(statSync(pidFileOf(dataDir)).uid, 1)
        yield* only.kill("SIGTERM")
        yield* only.ended
        const pid = Effect.sync(() => statSync(pidFileOf(dataDir)).uid)
        assert.strictEqual(yield* pid.pipe(inside({ dataDir })), 1)
        const other = yield* owner(dataDir, { uid: 65534, gid: 65534 })
        assert.include(JSON.stringify(yield* other.line), "belongs to uid 1, this process is uid 65534")
      }).pipe(quietly)
  )
})
