import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Runtime from "effect/Runtime"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import type * as Terminal from "effect/Terminal"
import * as TestConsole from "effect/testing/TestConsole"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { parseEnv } from "node:util"
import { commands } from "../../src/cli/commands.ts"
import { Credentials } from "../../src/cli/Credentials.ts"
import { folder } from "./cliProcess.ts"
import type { Said } from "./command.ts"

const lines = (all: ReadonlyArray<unknown>) => all.map((line) => `${String(line)}\n`).join("")

/** The real commands in this process: what they print, and the exit code of a program that runs them. */
export const runCommand = (
  args: ReadonlyArray<string>,
  env: Record<string, string>,
  io: Layer.Layer<Stdio.Stdio | Terminal.Terminal> | Layer.Layer<Stdio.Stdio>
) =>
  Effect.gen(function* () {
    const exit = yield* Effect.exit(Command.runWith(commands, { version: "test" })(args))
    let code: number | null = null
    Runtime.defaultTeardown(exit, (ended) => (code = ended))
    const said: Said = {
      code,
      out: lines(yield* TestConsole.logLines),
      err: lines(yield* TestConsole.errorLines)
    }
    return said
  }).pipe(
    Effect.provide(
      Credentials.layer.pipe(
        Layer.provideMerge(
          Layer.mergeAll(
            NodeServices.layer,
            FetchHttpClient.layer,
            io,
            TestConsole.layer,
            ConfigProvider.layer(ConfigProvider.fromEnv({ env }))
          )
        )
      )
    )
  )

/** The commands in an empty home, with their input piped and the settings of its file `.env`. */
export const cli = Effect.gen(function* () {
  const home = yield* folder
  const file = join(home, ".env")
  const settings = () =>
    existsSync(file) ? (parseEnv(readFileSync(file, "utf8")) as Record<string, string>) : {}
  const run = (args: string, input = ""): Effect.Effect<Said> =>
    Effect.suspend(() =>
      runCommand(
        args.split(" "),
        { ...settings(), HOME: home, USER: "ada" },
        Stdio.layerTest({ stdin: Stream.encodeText(Stream.make(input)) })
      )
    )
  return { home, run }
})
