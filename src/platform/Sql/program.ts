import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import { closeSync, constants, existsSync, openSync, renameSync, statSync } from "node:fs"
import { DatabaseError, messageOf } from "./DatabaseError.ts"
import type { Home } from "./home.ts"
import { read } from "./processes.ts"

/** A started program of PostgreSQL, writing to the home's log. */
export interface Program {
  readonly ended: () => boolean
  readonly succeeded: () => boolean
  readonly interrupt: Effect.Effect<void>
  readonly complaint: () => string
}

const maxLogBytes = 1_000_000
const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants

const openLog = (path: string) => {
  if (existsSync(path) && statSync(path).size > maxLogBytes) renameSync(path, `${path}.1`)
  const from = existsSync(path) ? statSync(path).size : 0
  return { fd: openSync(path, O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o600), from }
}

const complaintIn = (log: string): string => {
  const lines = log.trim().split("\n")
  const problems = lines.flatMap((line) => /(?:FATAL|PANIC|DETAIL|HINT|error):.*/.exec(line)?.[0] ?? [])
  return (problems.length > 0 ? problems : lines).slice(-3).join(" ").trim()
}

/** Detached, so that a terminal's ^C reaches only us, and with a log file, because a pipe breaks when our process ends. */
export const launch = (home: Home, file: string, args: ReadonlyArray<string>) =>
  Effect.try({
    try: (): Program => {
      const log = openLog(home.log)
      const child = spawn(file, args, {
        cwd: home.dir,
        detached: true,
        env: { LC_ALL: "C", TZ: "UTC" },
        stdio: ["ignore", log.fd, log.fd],
        ...home.user
      })
      closeSync(log.fd)
      child.unref()
      let failure: string | undefined
      child.once("error", (cause) => (failure = cause.message))
      return {
        ended: () => failure !== undefined || child.exitCode !== null || child.signalCode !== null,
        succeeded: () => child.exitCode === 0,
        interrupt: Effect.sync(() => child.kill("SIGINT")),
        complaint: () => failure ?? complaintIn(read(home.log).slice(log.from))
      }
    },
    catch: (cause) =>
      new DatabaseError({
        reason: "NotStarted",
        message: `PostgreSQL cannot be started in ${home.dir}: ${messageOf(cause)}. Nothing was changed.`
      })
  })
