import { assert } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { TransitionsRepo } from "../../../src/dispatching/dispatches/TransitionsRepo.ts"
import { Reports } from "../../../src/dispatching/lifecycle/Reports.ts"
import { dispatchOf } from "../../../src/dispatching/sessions/MachineRuns.ts"
import type { Dispatch } from "../../../src/domain/Dispatch.ts"
import type { Exit, LocalFly } from "../../../src/sandbox/Fly.ts"
import type { Cancelled, Conclusion, LocalGitHub } from "../../../src/sandbox/GitHub.ts"
import { repository } from "./passes.ts"

export const planParts: ReadonlyArray<string> = ["Architecture Analysis", "Test Plan", "Cross-Story Context"]

/** The runs and machines of a dispatch, and how they end. */
export const makeAgent = (
  services: Context.Context<TransitionsRepo | Reports>,
  { fly, github }: { readonly fly: LocalFly; readonly github: LocalGitHub }
) => {
  const runsOf = (dispatch: Dispatch) => github.findRuns(dispatch.id)

  /** Destroyed ones too. */
  const machinesOf = (dispatch: Dispatch) =>
    fly.machines().filter(({ config }) => dispatchOf({ metadata: config.metadata ?? {} }) === dispatch.id)

  const startMachine = Effect.fnUntraced(function* (dispatch: Dispatch) {
    for (const { id } of machinesOf(dispatch)) yield* fly.startMachine(id)
  }, Effect.orDie)

  const exitMachine = Effect.fnUntraced(function* (dispatch: Dispatch, exit: Exit) {
    yield* startMachine(dispatch)
    for (const { id } of machinesOf(dispatch)) yield* fly.exitMachine(id, exit)
  }, Effect.orDie)

  const finish = Effect.fnUntraced(function* (dispatch: Dispatch, conclusion: Conclusion) {
    for (const { id } of runsOf(dispatch)) {
      yield* github.startRun(id)
      yield* github.finishRun(id, conclusion)
    }
    yield* exitMachine(dispatch, { code: conclusion === "success" ? 0 : 1 })
  }, Effect.orDie)

  const cancelRun = Effect.fnUntraced(function* (dispatch: Dispatch, cancelled: Cancelled) {
    for (const { id } of runsOf(dispatch)) yield* github.cancelRun(id, cancelled)
  }, Effect.orDie)

  /** The agent opens a pull request and its run ends well. */
  const deliver = Effect.fnUntraced(function* (dispatch: Dispatch, { draft = false } = {}) {
    const pull = yield* github.openPullRequest({
      ...repository,
      branch: dispatch.branch,
      title: `${dispatch.issueIdentifier}: done`,
      draft
    })
    yield* finish(dispatch, "success")
    return pull
  }, Effect.orDie)

  /** The planning run reports its plan and ends well. */
  const deliverPlan = Effect.fnUntraced(function* (
    dispatch: Dispatch,
    parts: ReadonlyArray<string> = planParts
  ) {
    const row = yield* Context.get(services, TransitionsRepo).find(dispatch.id)
    assert.isNotNull(row)
    yield* Context.get(services, Reports).accept(row, {
      dispatchId: dispatch.id,
      phase: dispatch.phase,
      outcome: "delivered",
      plan: parts.map((title) => ({ title, markdown: `${title} of ${dispatch.id}` }))
    })
    yield* finish(dispatch, "success")
  })

  return { runsOf, machinesOf, startMachine, exitMachine, finish, cancelRun, deliver, deliverPlan }
}
