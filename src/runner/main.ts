import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { readFileSync, writeSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { carryOut, LayAnswer, LayRequest } from "./git/trusted.ts"
import { commandNames, isCommand, run } from "./run.ts"

const print = (line: string) => {
  writeSync(1, `${line}\n`)
}

// Internal: writes the trusted configuration as the agent's user.
const layNow = () => {
  const request = Schema.decodeSync(LayRequest)(readFileSync(0, "utf8"))
  writeSync(1, Schema.encodeSync(LayAnswer)(carryOut(request)))
}

const [, , name = ""] = process.argv
if (name === "lay") layNow()
else if (!isCommand(name)) {
  print(`Usage: runner.mjs ${commandNames.join("|")}`)
  process.exitCode = 2
} else {
  const signal = Deferred.makeUnsafe<void>()
  const stop = () => void Deferred.doneUnsafe(signal, Effect.void)
  process.on("SIGTERM", stop)
  process.on("SIGINT", stop)
  const code = await Effect.runPromise(
    run(name, {
      // oxlint-disable-next-line no-restricted-properties -- The one place where this program reads its environment.
      variables: process.env, // @effect-diagnostics-line processEnv:off
      program: fileURLToPath(import.meta.url),
      print,
      stopped: Deferred.await(signal)
    })
  )
  process.exit(code)
}
