import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { rmSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import type { Binaries } from "./binaries.ts"
import { DatabaseError } from "./DatabaseError.ts"
import type { Home } from "./home.ts"
import { alive, inhabited, read, serves, signal, until } from "./processes.ts"
import { launch } from "./program.ts"

/** A server that accepts connections: at a socket, or at a loopback port where `socket` is undefined. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  readonly socket: string | undefined
  readonly adopted: boolean
}

export type Settings = Readonly<Record<string, string>>

const defaults: Settings = {
  shared_buffers: "16MB",
  max_connections: "40",
  io_method: "sync",
  max_wal_senders: "0",
  wal_level: "minimal",
  max_worker_processes: "1",
  max_parallel_workers: "0",
  max_logical_replication_workers: "0",
  jit: "off",
  huge_pages: "off",
  autovacuum_max_workers: "1",
  max_wal_size: "256MB",
  min_wal_size: "32MB",
  log_checkpoints: "off",
  timezone: "UTC"
}

const socketName = ".s.PGSQL.5432"
const maxSocketPath = process.platform === "linux" ? 107 : 103

const pidFile = (home: Home) => {
  const [pid = "", , , port, socketDir = "", , , status = ""] = read(join(home.data, "postmaster.pid")).split(
    "\n"
  )
  return pid === ""
    ? undefined
    : { pid: Number(pid), port: Number(port), socketDir, ready: status.trim() === "ready" }
}

const running = (home: Home) => {
  const file = pidFile(home)
  return file !== undefined && serves(file.pid, home.data) ? file : undefined
}

// PostgreSQL replaces the lock file of a dead pid; a pid reused by another process would block it for ever.
const clearLocks = Effect.fnUntraced(function* (home: Home) {
  yield* until(() => !inhabited(home.data), 5)
  for (const path of [join(home.data, "postmaster.pid"), join(home.dir, `${socketName}.lock`)]) {
    const pid = Number.parseInt(read(path), 10)
    if (pid > 0 && alive(pid) && !serves(pid, home.data)) rmSync(path, { force: true })
  }
})

const freePort = Effect.callback<number>((resume) => {
  const server = createServer()
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})

const place = Effect.fnUntraced(function* (home: Home, port: number | undefined) {
  if (Buffer.byteLength(join(home.dir, socketName)) <= maxSocketPath) {
    return {
      unix_socket_directories: `"${home.dir.replaceAll('"', '""')}"`,
      unix_socket_permissions: "0700",
      listen_addresses: ""
    }
  }
  return {
    unix_socket_directories: "",
    listen_addresses: "127.0.0.1",
    port: String(port ?? (yield* freePort))
  }
})

const spawned = Effect.fnUntraced(function* (home: Home, binaries: Binaries, options: StartOptions) {
  yield* clearLocks(home)
  const settings = { ...defaults, ...options.settings, ...(yield* place(home, options.port)) }
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])
  const program = yield* launch(home, binaries.postgres, ["-D", home.data, ...args])
  yield* until(
    () => running(home)?.ready === true || (program.ended() && running(home) === undefined),
    120
  ).pipe(Effect.onExit((exit) => (Exit.isFailure(exit) ? program.interrupt : Effect.void)))
  return program
})

export interface StartOptions {
  readonly settings?: Settings | undefined
  /** The loopback port to use again where there is no socket. */
  readonly port?: number | undefined
}

const postmasterOf = (found: NonNullable<ReturnType<typeof running>>, adopted: boolean): Postmaster => ({
  pid: found.pid,
  port: found.port,
  socket: found.socketDir === "" ? undefined : join(found.socketDir, socketName),
  adopted
})

/** The running server, once it is ready. */
export const find = Effect.fnUntraced(function* (home: Home) {
  if (running(home) !== undefined) yield* until(() => running(home)?.ready !== false, 120)
  const found = running(home)
  return found?.ready === true ? postmasterOf(found, true) : undefined
})

/** Starts the server, or adopts the one that our killed process left behind. */
export const start = Effect.fnUntraced(function* (home: Home, binaries: Binaries, options: StartOptions) {
  const left = yield* find(home)
  if (left !== undefined) return left
  const program = running(home) === undefined ? yield* spawned(home, binaries, options) : undefined
  const found = running(home)
  if (found?.ready !== true) {
    if (program !== undefined) yield* program.interrupt
    return yield* new DatabaseError({
      reason: "NotStarted",
      message: `PostgreSQL did not start on ${home.data}: ${program?.complaint() ?? "it never became ready."} The data was left unchanged. See ${home.log}.`
    })
  }
  return postmasterOf(found, program === undefined)
})

/** Ends all sessions and stops the server; its end is the end of `postmaster.pid`, a zombie would still take signals. */
export const stop = Effect.fnUntraced(function* (home: Home) {
  const found = running(home)
  if (found === undefined) return
  const gone = () => pidFile(home)?.pid !== found.pid
  yield* signal(found.pid, "SIGINT")
  if (yield* until(gone, 10)) return
  yield* signal(found.pid, "SIGQUIT")
  if (yield* until(gone, 5)) return
  yield* Effect.logWarning(`PostgreSQL ${found.pid} on ${home.data} did not stop; the next start adopts it.`)
})
