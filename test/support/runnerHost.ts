import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { Fiber } from "effect/Fiber"
import { type CommandName, run } from "../../src/runner/run.ts"
import "./loopbackGuard.ts"

/** What the process of a test asks this one for. */
export type Order =
  | {
      readonly _tag: "start"
      readonly id: number
      readonly name: CommandName
      readonly variables: Readonly<Record<string, string>>
    }
  | { readonly _tag: "signal"; readonly id: number; readonly signal: "stop" | "kill" }

export type Said =
  | { readonly _tag: "line"; readonly id: number; readonly line: string }
  | { readonly _tag: "ended"; readonly id: number; readonly code: number | null }

const [, , program = ""] = process.argv
const running = new Map<number, { readonly stop: Deferred.Deferred<void>; readonly fiber: Fiber<number> }>()
const say = (said: Said) => process.send?.(said)

process.on("message", (order: Order) => {
  const { id } = order
  if (order._tag === "signal") {
    const found = running.get(id)
    if (order.signal === "kill") found?.fiber.interruptUnsafe()
    else if (found !== undefined) Deferred.doneUnsafe(found.stop, Effect.void)
    return
  }
  const stop = Deferred.makeUnsafe<void>()
  const fiber = Effect.runFork(
    run(order.name, {
      variables: order.variables,
      program,
      print: (line) => say({ _tag: "line", id, line }),
      stopped: Deferred.await(stop)
    })
  )
  running.set(id, { stop, fiber })
  fiber.addObserver((exit) => {
    running.delete(id)
    say({ _tag: "ended", id, code: exit._tag === "Success" ? exit.value : null })
  })
})
process.on("disconnect", () => process.exit())
