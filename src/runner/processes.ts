import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type ChildProcess, spawn } from "node:child_process"
import type { User } from "./environment.ts"

export interface Command {
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly user?: User | null
  readonly stdin?: string
  /** Each line of both outputs, as it comes; cut at `maxLineBytes`. */
  readonly onLine?: (line: string) => void
  /** Stdout is kept from its start, stderr from its end. */
  readonly maxOutputBytes?: number
  /** Between SIGTERM and SIGKILL. */
  readonly killGrace?: Duration.Input
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: Buffer
  readonly stderr: string
  /** Stdout was longer than `maxOutputBytes`. */
  readonly isCut: boolean
}

export class NotStarted extends Data.TaggedError("NotStarted")<{ readonly message: string }> {}

const defaultKillGrace = "5 seconds"
const closeGrace = "1 second"
const maxLineBytes = 200_000
const maxErrorBytes = 20_000
const defaultMaxOutputBytes = 10_000_000

const signalGroup = (child: ChildProcess, signal: NodeJS.Signals) => {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group has ended.
  }
}

const lineReader = (onLine: (line: string) => void) => {
  const decoder = new TextDecoder()
  let rest = ""
  return {
    push: (chunk: Buffer) => {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n")
      rest = parts.pop() ?? ""
      for (const part of parts) onLine(part.replace(/\r$/, ""))
      if (rest.length > maxLineBytes) {
        onLine(rest)
        rest = ""
      }
    },
    end: () => {
      if (rest !== "") onLine(rest)
      rest = ""
    }
  }
}

/** Runs a command in a process group of its own. Interruption, and the end of the leader, end the whole group. */
export const runProcess = Effect.fnUntraced(function* (run: Command): Effect.fn.Return<Exit, NotStarted> {
  const started = yield* Deferred.make<void, NotStarted>()
  const exited = yield* Deferred.make<{ code: number | null; signal: NodeJS.Signals | null }>()
  const closed = yield* Deferred.make<void>()
  const { killGrace = defaultKillGrace, maxOutputBytes = defaultMaxOutputBytes } = run
  const out: Array<Buffer> = []
  let outBytes = 0
  let isCut = false
  let errors = ""
  const lines = run.onLine === undefined ? [] : [lineReader(run.onLine), lineReader(run.onLine)]

  const start = Effect.sync(() => {
    const child = spawn(run.command, run.args, {
      cwd: run.cwd,
      env: run.env,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      ...(run.user != null && { uid: run.user.uid, gid: run.user.gid })
    })
    child.on("error", ({ message }) =>
      Deferred.doneUnsafe(started, Effect.fail(new NotStarted({ message: `${run.command}: ${message}` })))
    )
    child.on("spawn", () => Deferred.doneUnsafe(started, Effect.void))
    child.on("exit", (code, signal) => {
      signalGroup(child, "SIGKILL")
      Deferred.doneUnsafe(exited, Effect.succeed({ code, signal }))
    })
    child.on("close", () => Deferred.doneUnsafe(closed, Effect.void))
    child.stdout.on("data", (chunk: Buffer) => {
      lines[0]?.push(chunk)
      const room = Math.max(0, maxOutputBytes - outBytes)
      if (chunk.length > room) isCut = true
      if (room > 0) out.push(chunk.subarray(0, room))
      outBytes += chunk.length
    })
    child.stderr.on("data", (chunk: Buffer) => {
      lines[1]?.push(chunk)
      errors = (errors + chunk.toString("utf8")).slice(-maxErrorBytes)
    })
    child.stdin.on("error", () => {})
    child.stdin.end(run.stdin ?? "")
    return child
  })

  const stop = (child: ChildProcess) =>
    Effect.gen(function* () {
      if (child.pid === undefined) return
      if (child.exitCode === null && child.signalCode === null) {
        signalGroup(child, "SIGTERM")
        yield* Deferred.await(exited).pipe(Effect.timeoutOption(killGrace))
      }
      signalGroup(child, "SIGKILL")
      child.stdout?.destroy()
      child.stderr?.destroy()
    })

  return yield* Effect.acquireUseRelease(
    start,
    () =>
      Effect.gen(function* () {
        yield* Deferred.await(started)
        const { code, signal } = yield* Deferred.await(exited)
        // A process outside the group may hold the pipes open.
        yield* Deferred.await(closed).pipe(Effect.timeoutOption(closeGrace))
        for (const reader of lines) reader.end()
        return { code, signal, stdout: Buffer.concat(out), stderr: errors, isCut }
      }),
    stop
  )
})

/** Ends every process of the agent's user, those outside its process group too. */
export const killUser = (user: User | null) =>
  user === null || process.getuid?.() !== 0 || user.uid === 0
    ? Effect.void
    : runProcess({
        command: "/bin/sh",
        args: ["-c", "kill -KILL -1"],
        cwd: "/",
        env: {},
        user
      }).pipe(Effect.ignore)
