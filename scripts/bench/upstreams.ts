/** A local Linear and GitHub in a process of their own, so that the service alone is measured. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import { emptySeed, makeWorld } from "../../test/support/world.ts"

export interface Order {
  readonly latency?: number
  readonly issues?: { readonly team: string; readonly count: number }
  /** Ends every run that has begun, each with a pull request. */
  readonly finish?: boolean
}

/** What the child tells: where it is, then after each order what it has had in all, and the newest issues. */
export interface UpstreamMessage {
  readonly env?: Record<string, string>
  readonly calls: number
  readonly finished: number
  readonly issues: ReadonlyArray<string>
}

const publish = (message: UpstreamMessage) => Effect.sync(() => process.send?.(message))

const teams = Array.from({ length: 10 }, (_, team) => ({ key: `T${team}`, name: `Team ${team}` }))

Effect.gen(function* () {
  const seed = { ...emptySeed, teams: [...emptySeed.teams, ...teams] }
  const { env, github, linear } = yield* makeWorld({ seed })
  const orders = yield* Queue.unbounded<Order>()
  process.on("message", (order: Order) => Queue.offerUnsafe(orders, order))
  process.once("disconnect", () => process.exit())
  const ended = () => github.runs().filter(({ status }) => status === "completed")

  const finishAll = Effect.gen(function* () {
    for (const { id, inputs, status } of github.runs()) {
      if (status === "completed") continue
      yield* github.startRun(id)
      yield* github.openPullRequest({
        owner: "acme",
        repo: "app",
        branch: inputs["branch"] ?? "",
        title: "Done"
      })
      yield* github.finishRun(id, "success")
    }
  })

  yield* publish({ env, calls: 0, finished: 0, issues: [] })
  for (;;) {
    const { finish, issues, latency } = yield* Queue.take(orders)
    if (latency !== undefined) {
      linear.setLatency(latency)
      github.control.setLatency(latency)
    }
    const made = Array.from({ length: issues?.count ?? 0 }, (_, number) =>
      linear.createIssue({ team: issues?.team ?? "ENG", title: `Change ${number}`, labels: ["AI-Implement"] })
    )
    if (finish === true) yield* finishAll
    yield* publish({
      calls: linear.calls().length + github.control.calls().length,
      finished: ended().length,
      issues: made
    })
  }
}).pipe(Effect.scoped, NodeRuntime.runMain)
