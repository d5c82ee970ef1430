import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { User } from "./environment.ts"
import type { Hook, HookName } from "./frontMatter.ts"
import { runProcess } from "./processes.ts"

export interface HookRun {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly user: User | null
  /** Lines of its output, as they come. */
  readonly onLine: (line: string) => void
  /** No hook runs longer, whatever its limit is. */
  readonly remaining: Duration.Duration
}

export interface HookEnd {
  readonly command: string
  readonly passed: boolean
  readonly message: string
  readonly lines: ReadonlyArray<string>
}

const maxLines = 2000
const lastLines = 50

/** Runs a command of the repository with its limit; its output is bounded. */
export const runHook = Effect.fnUntraced(function* (name: HookName, hook: Hook, run: HookRun) {
  const last: Array<string> = []
  let count = 0
  const limit = Duration.min(Duration.minutes(hook.minutes), run.remaining)
  const exit = yield* runProcess({
    command: "/bin/sh",
    args: ["-c", hook.run],
    cwd: run.cwd,
    env: run.env,
    user: run.user,
    maxOutputBytes: 0,
    onLine: (line) => {
      count += 1
      last.push(line.slice(0, 2000))
      if (last.length > lastLines) last.shift()
      if (count <= maxLines) run.onLine(line)
      else if (count === maxLines + 1) run.onLine(`[more than ${maxLines} lines; the rest is left out]`)
    }
  }).pipe(
    Effect.map(({ code, signal }) => ({ code, signal })),
    Effect.catchTag("NotStarted", () => Effect.succeed({ code: null, signal: null })),
    Effect.timeoutOption(limit)
  )
  const said = (message: string, passed: boolean): HookEnd => ({
    command: hook.run.split("\n")[0]?.slice(0, 500) ?? "",
    passed,
    message,
    lines: last
  })
  if (Option.isNone(exit)) {
    return said(
      `${name} took longer than ${Math.round(Duration.toMinutes(limit) * 100) / 100} minutes.`,
      false
    )
  }
  const { code, signal } = exit.value
  if (code === 0) return said(`${name} passed.`, true)
  return said(
    `${name} ended with ${code === null ? `signal ${signal ?? "unknown"}` : `exit code ${code}`}.`,
    false
  )
})
