import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { type ChildProcess, spawn } from "node:child_process"
import { env as own } from "node:process"
import { inject } from "vitest"
import type { CommandName } from "../../src/runner/run.ts"
import type { Order, Said } from "./runnerHost.ts"

type Variables = Readonly<Record<string, string>>

/** A command of the runner that has been started. */
export interface Stage {
  readonly pid: number
  readonly kill: (signal: NodeJS.Signals) => void
  readonly output: () => string
  readonly ended: Effect.Effect<{ readonly code: number | null; readonly output: string }>
}

/** As a process of its own, as a job or a machine starts it. */
export const startProcess = Effect.fnUntraced(function* (name: CommandName, env: Variables) {
  const ended = yield* Deferred.make<number | null>()
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => spawn(process.execPath, [inject("runner").program, name], { env, stdio: "pipe" })),
    (child) =>
      Effect.andThen(
        Effect.sync(() => child.kill("SIGKILL")),
        Deferred.await(ended)
      )
  )
  let output = ""
  const add = (chunk: Buffer) => (output += chunk.toString("utf8"))
  child.stdout.on("data", add)
  child.stderr.on("data", add)
  child.once("close", (code) => Deferred.doneUnsafe(ended, Effect.succeed(code)))
  const stage: Stage = {
    pid: child.pid ?? 0,
    kill: (signal) => child.kill(signal),
    output: () => output,
    ended: Effect.map(Deferred.await(ended), (code) => ({ code, output }))
  }
  return stage
})

interface Following {
  readonly line: (line: string) => void
  readonly ended: (code: number | null) => void
}

const followed = new Map<number, Following>()
let host: ChildProcess | null = null
let count = 0

const theHost = () => {
  if (host !== null) return host
  const { host: file, program } = inject("runner")
  const started = spawn(process.execPath, [file, program], {
    env: { PATH: own["PATH"] ?? "" },
    stdio: ["ignore", "ignore", "inherit", "ipc"]
  })
  started.on("message", (said: Said) => {
    const one = followed.get(said.id)
    if (said._tag === "line") one?.line(said.line)
    else one?.ended(said.code)
  })
  started.once("exit", () => {
    host = null
    for (const { ended } of followed.values()) ended(null)
  })
  started.unref()
  started.channel?.unref()
  return (host = started)
}

/** In the one process that carries out the stages of all tests here: none pays for the start of Node. */
export const startInHost = Effect.fnUntraced(function* (name: CommandName, variables: Variables) {
  const ended = yield* Deferred.make<number | null>()
  const lines: Array<string> = []
  const id = (count += 1)
  const send = (order: Order) => theHost().send(order)
  const output = () => lines.map((line) => `${line}\n`).join("")
  yield* Effect.acquireRelease(
    Effect.sync(() => {
      followed.set(id, {
        line: (line) => lines.push(line),
        ended: (code) => Deferred.doneUnsafe(ended, Effect.succeed(code))
      })
      send({ _tag: "start", id, name, variables })
    }),
    () =>
      Effect.sync(() => {
        if (!Deferred.isDoneUnsafe(ended)) send({ _tag: "signal", id, signal: "kill" })
      }).pipe(Effect.andThen(Deferred.await(ended)), Effect.andThen(Effect.sync(() => followed.delete(id))))
  )
  const stage: Stage = {
    pid: theHost().pid ?? 0,
    kill: (signal) => send({ _tag: "signal", id, signal: signal === "SIGKILL" ? "kill" : "stop" }),
    output,
    ended: Effect.map(Deferred.await(ended), (code) => ({ code, output: output() }))
  }
  return stage
})
