import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { environmentOf, type Variables } from "./environment.ts"
import { agent, begin, comment, machine, type Program, publishStage } from "./stages/commands.ts"

const commands = { begin, agent, publish: publishStage, machine, comment }
export type CommandName = keyof typeof commands

export const commandNames = Object.keys(commands)
export const isCommand = (name: string): name is CommandName => Object.hasOwn(commands, name)

export interface Run extends Omit<Program, "environment"> {
  readonly variables: Variables
}

export const run = (name: CommandName, { variables, ...rest }: Run): Effect.Effect<number> =>
  Effect.suspend(() => commands[name]({ ...rest, environment: environmentOf(variables) })).pipe(
    Effect.scoped,
    Effect.provide(FetchHttpClient.layer),
    Effect.catchCause((cause) =>
      Effect.sync(() => {
        rest.print(`The runner failed: ${Cause.pretty(cause).split("\n")[0] ?? ""}`)
        return 1
      })
    )
  )
