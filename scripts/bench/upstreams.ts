/** A local Linear and GitHub in a process of their own, so that the service alone is measured. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import { makeWorld } from "../../test/support/world.ts"

export interface Order {
  readonly latency?: number
  readonly issues?: { readonly team: string; readonly count: number }
}

/** What the child tells: where it is, then after each order how many calls it has had, and the newest issues. */
export interface Told {
  readonly env?: Record<string, string>
  readonly calls: number
  readonly issues: ReadonlyArray<string>
}

const tell = (told: Told) => process.send?.(told)

Effect.gen(function* () {
  const { env, github, linear } = yield* makeWorld()
  process.on("message", ({ issues, latency }: Order) => {
    if (latency !== undefined) {
      linear.setLatency(latency)
      github.control.setLatency(latency)
    }
    const made = Array.from({ length: issues?.count ?? 0 }, (_, number) =>
      linear.createIssue({ team: issues?.team ?? "ENG", title: `Change ${number}`, labels: ["AI-Implement"] })
    )
    tell({ calls: linear.calls().length + github.control.calls().length, issues: made })
  })
  process.once("disconnect", () => process.exit())
  tell({ env, calls: 0, issues: [] })
  return yield* Effect.never
}).pipe(Effect.scoped, NodeRuntime.runMain)
