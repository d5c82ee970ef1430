import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { compileCache } from "./compileCache.ts"

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Options {
  readonly args?: ReadonlyArray<string>
  /** Options of Node. */
  readonly execArgv?: ReadonlyArray<string>
  readonly env?: Record<string, string>
  readonly uid?: number
  readonly gid?: number
}

const decodeLine = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Unknown))

/**
 * A project script in a process of its own, killed with the scope. `line` takes the next JSON line that it prints,
 * `message` the next message that it sends.
 */
export const launch = Effect.fnUntraced(function* (
  script: URL,
  { args = [], env, execArgv = [], ...options }: Options = {}
) {
  const lines = yield* Queue.unbounded<unknown>()
  const messages = yield* Queue.unbounded<unknown>()
  const ended = yield* Deferred.make<Ended>()
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [...execArgv, script.pathname, ...args], {
        ...options,
        env: { ...compileCache, ...(env ?? process.env) },
        stdio: ["ignore", "pipe", "inherit", "ipc"]
      })
    ),
    (child) =>
      Effect.andThen(
        Effect.sync(() => child.kill("SIGKILL")),
        Deferred.await(ended)
      )
  )
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on("line", (line) => Queue.offerUnsafe(lines, decodeLine(line)))
  child.on("message", (message) => Queue.offerUnsafe(messages, message))
  child.once("close", (code, signal) => Deferred.doneUnsafe(ended, Effect.succeed({ code, signal })))
  return {
    pid: child.pid,
    line: Queue.take(lines),
    lines: Queue.clear(lines),
    message: Queue.take(messages),
    messages: Queue.clear(messages),
    /** Lost when the process has ended. */
    send: (message: object) => Effect.sync(() => child.send(message, () => {})),
    ended: Deferred.await(ended),
    kill: (signal: NodeJS.Signals) => Effect.sync(() => child.kill(signal))
  }
})
