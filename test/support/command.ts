import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"

export interface Said {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Options {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

/** Runs a program to its end; it is killed when interrupted. */
export const command = (program: string, args: ReadonlyArray<string>, options: Options = {}) =>
  Effect.callback<Said>((resume) => {
    const { input = "", ...rest } = options
    const child = spawn(program, args, { ...rest, stdio: "pipe" })
    const said = { out: "", err: "" }
    child.stdout.on("data", (chunk: Buffer) => (said.out += chunk.toString("utf8")))
    child.stderr.on("data", (chunk: Buffer) => (said.err += chunk.toString("utf8")))
    child.on("close", (code) => resume(Effect.succeed({ code, ...said })))
    child.stdin.on("error", () => {})
    child.stdin.end(input)
    return Effect.sync(() => child.kill("SIGKILL"))
  })
