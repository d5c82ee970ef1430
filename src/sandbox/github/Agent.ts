import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type { Pulls } from "./Pulls.ts"
import type { Runs } from "./Runs.ts"
import { idOf, type Run, type State } from "./State.ts"

export type Inputs = Readonly<Record<string, string>>
export type Outcome = "delivered" | "draft" | "failed" | "no_pull_request"

const numberOf = (inputs: Inputs) => Number(/\d+$/.exec(inputs["issue_identifier"] ?? "")?.[0] ?? 0)

/** For the demo: most issues are delivered; of every 20 by number, one fails, one ends empty, one is a draft. */
export const minority = (inputs: Inputs): Outcome => {
  switch (numberOf(inputs) % 20) {
    case 7:
      return "failed"
    case 13:
      return "no_pull_request"
    case 18:
      return "draft"
  }
  return "delivered"
}

/** Works as an agent would: 2 s in the queue, 8 to 20 s at work (at speed 1), then a pull request. */
export const runAgent = Effect.fnUntraced(function* (
  state: State,
  runs: Runs,
  pulls: Pulls,
  options: { readonly speed: number; readonly outcomeOf: (inputs: Inputs) => Outcome }
) {
  const work = Effect.fnUntraced(function* (run: Run) {
    const { branch, issue_identifier: identifier, issue_title: title } = run.inputs
    yield* Effect.sleep(2000 / options.speed)
    if (run.cancelRequested) return
    yield* runs.start(run)
    const variation = idOf(identifier ?? String(run.id)) % 12_000
    yield* Effect.sleep((8000 + variation) / options.speed)
    if (run.cancelRequested || run.status === "completed") return
    const outcome = options.outcomeOf(run.inputs)
    if (branch && outcome !== "failed" && outcome !== "no_pull_request") {
      yield* pulls.open(run.repository, {
        branch,
        title: `${identifier ?? "Issue"}: ${title ?? "Change"}`,
        body: `Fixes ${identifier ?? "the issue"}`,
        draft: outcome === "draft"
      })
    }
    yield* runs.finish(run, outcome === "failed" ? "failure" : "success")
  })

  const fork = yield* FiberSet.makeRuntime()
  state.listeners.push((change) => {
    if (change._tag === "run" && change.action === "queued") fork(work(change.run))
  })
})
