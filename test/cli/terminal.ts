import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"
import { runCommand } from "../support/cli.ts"
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
    const { code, err, out } = yield* runCommand(
      [...args.split(" "), "--url", url],
      { HOME: home },
      Layer.merge(
        Layer.succeed(Terminal.Terminal, terminal),
        Stdio.layerTest({ stdinIsTerminal: Effect.succeed(true) })
      )
    )
    const said = `${out}${err}`.trimEnd()
    return { ok: code === 0, said, seen: `${shown.join("")}\n${said}` }
  })
  return { run }
})
