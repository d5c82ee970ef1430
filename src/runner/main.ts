import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Schema from "effect/Schema"
import { readFileSync, writeSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { environmentOf } from "./environment.ts"
import { differing, lay, LayAnswer, LayRequest } from "./git/trusted.ts"
import { agent, begin, comment, machine, type Program, publishStage } from "./stages/commands.ts"

const commands = { begin, agent, publish: publishStage, machine, comment }

const isCommand = (name: string): name is keyof typeof commands => Object.hasOwn(commands, name)

const usage = `Usage: runner.mjs ${Object.keys(commands).join("|")}`

const print = (line: string) => {
  writeSync(1, `${line}\n`)
}

// Internal: writes the trusted configuration as the agent's user.
const layNow = () => {
  const { action, dir, files } = Schema.decodeSync(LayRequest)(readFileSync(0, "utf8"))
  const found = differing(dir, files)
  if (action === "lay") lay(dir, files)
  writeSync(1, Schema.encodeSync(LayAnswer)(found))
}

const run = Effect.fnUntraced(function* (name: keyof typeof commands) {
  const signal = yield* Deferred.make<void>()
  const stop = () => void Deferred.doneUnsafe(signal, Effect.void)
  process.on("SIGTERM", stop)
  process.on("SIGINT", stop)
  const program: Program = {
    // oxlint-disable-next-line no-restricted-properties -- The one place where this program reads its environment.
    environment: environmentOf(process.env), // @effect-diagnostics-line processEnv:off
    program: fileURLToPath(import.meta.url),
    print,
    stopped: Deferred.await(signal)
  }
  return yield* commands[name](program)
})

const [, , name = ""] = process.argv
if (name === "lay") layNow()
else if (!isCommand(name)) {
  print(usage)
  process.exitCode = 2
} else {
  const exit = await Effect.runPromiseExit(
    run(name).pipe(Effect.scoped, Effect.provide(FetchHttpClient.layer))
  )
  if (Exit.isFailure(exit)) print(`The runner failed: ${Cause.pretty(exit.cause).split("\n")[0] ?? ""}`)
  process.exit(Exit.isSuccess(exit) ? exit.value : 1)
}
