import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import { existsSync } from "node:fs"
import * as binaries from "./binaries.ts"
import * as client from "./client.ts"
import { Database } from "./Database.ts"
import { DatabaseError } from "./DatabaseError.ts"
import { type Home, prepare } from "./home.ts"
import { ensureData, passwordOf } from "./initdb.ts"
import { database, own } from "./owner.ts"
import { find, type Postmaster, type Settings, start, stop } from "./postmaster.ts"

export interface Options {
  readonly dataDir: string
  readonly stateDir?: string | undefined
  readonly settings?: Settings | undefined
  readonly maxConnections?: number | undefined
}

/** By socket, or by loopback port and password where the directory's path is too long for one. */
export interface Connection {
  readonly username: string
  readonly database: string
  readonly path?: string
  readonly host?: string
  readonly port?: number
  readonly password?: Redacted.Redacted
}

const connectionTo = (home: Home, postmaster: Postmaster): Connection => ({
  username: "postgres",
  database,
  ...(postmaster.socket === undefined
    ? { host: "127.0.0.1", port: postmaster.port, password: Redacted.make(passwordOf(home)) }
    : { path: postmaster.socket })
})

const shortVersion = (version: string) => version.split(".").slice(0, 2).join(".")

/**
 * An embedded PostgreSQL in `dataDir`, for one process, until the scope closes; returns how to connect to it.
 * Sessions end first, then the server, and the ownership of the directory last.
 */
export const make = Effect.fn("Embedded.make")(function* (options: Options) {
  const home = yield* prepare(options)
  const programs = yield* binaries.find(home)
  yield* ensureData(home, programs)

  const sessions = yield* Effect.acquireRelease(Scope.make(), Scope.close)
  let ours = false
  yield* Effect.addFinalizer(() => (ours ? stop(home) : Effect.void))

  const open = Effect.fnUntraced(function* (port?: number) {
    const postmaster = yield* start(home, programs, { settings: options.settings, port })
    ours = !postmaster.adopted
    const connection = connectionTo(home, postmaster)
    const owner = yield* own(home, connection).pipe(
      Scope.provide(sessions),
      Effect.tapError(({ reason }) => Effect.sync(() => (ours &&= reason !== "InUse")))
    )
    ours = true
    yield* Effect.logInfo(
      `PostgreSQL ${shortVersion(programs.version)} ${postmaster.adopted ? "adopted" : "started"} in ${home.dir}, pid ${postmaster.pid}`
    )
    return { connection, port: postmaster.port, lost: owner.lost }
  })

  const first = yield* open()
  const keep = Effect.fnUntraced(function* () {
    for (let session = first; ;) {
      yield* session.lost
      yield* Effect.logError(`PostgreSQL in ${home.dir} went away; it is being started again`)
      session = yield* open(first.port).pipe(
        Effect.tapError((error) =>
          error.reason === "InUse" ? abandon(error) : Effect.logError(error.message)
        ),
        Effect.retry(Schedule.spaced("2 seconds"))
      )
    }
  })
  yield* Effect.forkScoped(keep())
  return { connection: first.connection, dir: home.dir }
})

// Two processes on one embedded database would each run every singleton.
const abandon = Effect.fnUntraced(function* (error: DatabaseError) {
  yield* Effect.logFatal(`${error.message} This process stops.`)
  process.exitCode = 1
  process.kill(process.pid, "SIGTERM")
  return yield* Effect.never
})

// Through the running server, which is left alone, else through one of its own until the scope closes.
const attach = Effect.fn("Embedded.attach")(function* (options: Options) {
  const home = existsSync(options.dataDir) ? yield* prepare(options) : undefined
  if (home === undefined || !existsSync(home.data)) {
    return yield* new DatabaseError({
      reason: "Inaccessible",
      message: `There is no embedded database in ${options.dataDir}. Nothing was changed. Check DATA_DIR and DATABASE_URL.`
    })
  }
  const postmaster = yield* find(home)
  return postmaster === undefined ? (yield* make(options)).connection : connectionTo(home, postmaster)
})

// Beside the pool: the owner's session, and a person's psql.
const moreConnections = 30

export const layer = ({ maxConnections = client.defaultConnections, ...options }: Options) =>
  Layer.unwrap(
    Effect.map(
      make({
        ...options,
        settings: { max_connections: String(maxConnections + moreConnections), ...options.settings }
      }),
      ({ connection, dir }) =>
        Layer.merge(
          client.layer({ ...connection, maxConnections }),
          Layer.succeed(Database, { kind: "embedded", location: dir })
        )
    )
  )

/** The database of `dataDir` for a process beside its owner. */
export const attached = (options: Options) =>
  Layer.unwrap(
    Effect.map(attach(options), (connection) =>
      Layer.merge(
        client.layer({ ...connection, maxConnections: options.maxConnections ?? 1 }),
        Layer.succeed(Database, { kind: "embedded", location: options.dataDir })
      )
    )
  )
