import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { command, type Said } from "./command.ts"
import { compileCache } from "./compileCache.ts"

export const envFile = fileURLToPath(new URL("../../src/platform/envFile.ts", import.meta.url))
export const entry = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url))

/** A folder of its own, gone with the scope. */
export const folder = Effect.acquireRelease(
  Effect.sync(() => {
    const path = mkdtempSync(join(tmpdir(), "ai-implement-cli-"))
    chmodSync(path, 0o755)
    return path
  }),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** The commands in a process of its own, in an empty home. */
export const cliProcess = Effect.fnUntraced(function* (env: Readonly<Record<string, string>> = {}) {
  const home = yield* folder
  const run = (args: string, input?: string): Effect.Effect<Said> =>
    command(process.execPath, ["--import", envFile, entry, ...args.split(" ")], {
      cwd: home,
      env: {
        HOME: home,
        USER: "ada",
        NO_COLOR: "1",
        ...compileCache,
        ...env
      },
      ...(input === undefined ? {} : { input })
    })
  return { home, run }
})

export const baseUrl = Effect.map(HttpServer.HttpServer, ({ address }) =>
  "port" in address ? `http://127.0.0.1:${address.port}` : ""
)
