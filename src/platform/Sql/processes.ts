import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import { readFileSync, readdirSync, readlinkSync } from "node:fs"

export const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

const linkOf = (path: string): string | undefined => {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

export const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM"
  }
}

const commandLine = (pid: number): string => {
  if (process.platform === "linux") return read(`/proc/${pid}/cmdline`).replaceAll("\0", " ")
  try {
    return execFileSync("/bin/ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" })
  } catch {
    return ""
  }
}

/** Whether this pid is the postmaster of this data directory, and not another process with the same number. */
export const serves = (pid: number, data: string): boolean => {
  const executable = linkOf(`/proc/${pid}/exe`)
  if (executable !== undefined) {
    return linkOf(`/proc/${pid}/cwd`) === data && /\/postgres( \(deleted\))?$/.test(executable)
  }
  const command = commandLine(pid)
  return command.includes("/postgres ") && command.includes(` -D ${data} `)
}

/** Whether a backend of a killed postmaster still runs in the data directory. */
export const inhabited = (data: string): boolean =>
  process.platform === "linux" &&
  readdirSync("/proc").some((name) => /^\d+$/.test(name) && linkOf(`/proc/${name}/cwd`) === data)

export const signal = (pid: number, name: "SIGINT" | "SIGQUIT") =>
  Effect.ignore(Effect.try(() => process.kill(pid, name)))

/** Checks every 2 ms for about that many seconds; returns whether it was reached. */
export const until = Effect.fnUntraced(function* (reached: () => boolean, seconds: number) {
  for (let tries = seconds * 400; tries > 0; tries--) {
    if (reached()) return true
    yield* Effect.sleep("2 millis")
  }
  return reached()
})
