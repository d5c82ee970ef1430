import * as NodeServices from "@effect/platform-node/NodeServices"
import type * as Cause from "effect/Cause"
import * as Command from "effect/cli/Command"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"
import * as TestConsole from "effect/testing/TestConsole"
import { commands } from "../../src/cli/commands.ts"
import { Credentials } from "../../src/cli/Credentials.ts"
import { baseUrl, folder } from "../support/cliProcess.ts"

export const key = (name: string, input?: string): Terminal.UserInput => ({
  input: Option.fromUndefinedOr(input),
  key: { name, ctrl: false, meta: false, shift: false }
})
export const enter = key("enter", "\r")
export const typed = (text: string) => [...text].map((each) => key(each, each))

/** An operator at a terminal: what they type, and all that they see. */
export const atTerminal = Effect.gen(function* () {
  const url = yield* baseUrl
  const home = yield* folder
  const run = Effect.fnUntraced(function* (args: string, keys: ReadonlyArray<Terminal.UserInput> = []) {
    const shown: Array<string> = []
    const input = yield* Queue.make<Terminal.UserInput, Cause.Done>()
    yield* Queue.offerAll(input, keys)
    yield* Queue.end(input)
    const terminal = Terminal.make({
      columns: Effect.succeed(80),
      rows: Effect.succeed(24),
      size: Effect.die("No test asks for it."),
      readInput: Effect.succeed(input),
      readLine: Effect.die("A line would be echoed."),
      display: (text) => Effect.sync(() => void shown.push(text))
    })
    const exit = yield* Command.runWith(commands, { version: "test" })([
      ...args.split(" "),
      "--url",
      url
    ]).pipe(
      Effect.exit,
      Effect.provide(
        Credentials.layer.pipe(
          Layer.provideMerge(
            Layer.mergeAll(
              NodeServices.layer,
              FetchHttpClient.layer,
              Layer.succeed(Terminal.Terminal, terminal),
              Stdio.layerTest({ stdinIsTerminal: Effect.succeed(true) }),
              ConfigProvider.layer(ConfigProvider.fromUnknown({ HOME: home }))
            )
          )
        )
      )
    )
    const said = [...(yield* TestConsole.logLines), ...(yield* TestConsole.errorLines)].join("\n")
    return { ok: exit._tag === "Success", said, seen: `${shown.join("")}\n${said}` }
  }, Effect.provide(TestConsole.layer))
  return { run }
})
