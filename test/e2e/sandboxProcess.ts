import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Overrides } from "../../src/sandbox/demo.ts"
import { compileCache } from "../support/compileCache.ts"

class NotReady extends Schema.TaggedError<NotReady>()("NotReady", { message: Schema.String }) {}

const find = (text: string, pattern: RegExp) => pattern.exec(text)?.[1]

/** The sandbox on a free port, with its data in a folder of its own and frequent passes. */
export const sandbox = Effect.fn("sandbox")(function* (speed: number, overrides: Overrides = {}) {
  const folder = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "ai-implement-e2e-"))),
    (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
  )
  let output = ""
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const started = spawn(process.execPath, ["test/e2e/sandboxMain.ts", JSON.stringify(overrides)], {
        cwd: new URL("../..", import.meta.url),
        env: {
          ...compileCache,
          HOME: folder,
          PORT: "0",
          SANDBOX_DIR: join(folder, "data"),
          SANDBOX_SPEED: String(speed)
        },
        stdio: ["ignore", "pipe", "pipe"]
      })
      started.stdout.on("data", (chunk) => (output += String(chunk)))
      started.stderr.on("data", (chunk) => (output += String(chunk)))
      return started
    }),
    (started) =>
      Effect.callback<void>((resume) => {
        if (started.exitCode !== null) return resume(Effect.void)
        started.once("close", () => resume(Effect.void))
        started.kill("SIGTERM")
      })
  )
  return yield* Effect.suspend(() => {
    const address = find(output, /Admin\s+(\S+)\/admin/)
    const code = find(output, /Access code\s+(\S+)/)
    const linear = find(output, /Linear\s+(\S+)\/graphql/)
    const github = find(output, /GitHub\s+(\S+)/)
    const fly = find(output, /Fly\s+(http\S+)/)
    return address === undefined ||
      code === undefined ||
      linear === undefined ||
      github === undefined ||
      fly === undefined
      ? new NotReady({ message: `The sandbox is not ready (exit ${child.exitCode}):\n${output}` })
      : Effect.succeed({ address, code, linear, github, fly })
  }).pipe(Effect.retry({ schedule: Schedule.spaced("100 millis"), times: 600 }))
})
