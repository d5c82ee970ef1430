import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Outcome } from "../../domain/Outcome.ts"
import type { PlanDocument } from "../../domain/Plan.ts"
import { OutboxRepo } from "../../messaging/Notifications/OutboxRepo.ts"
import { countOutcome } from "../../platform/Metrics.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"
import { endNotices, givenUpNotice } from "../dispatches/notices.ts"
import { type FoundPullRequest, PullRequestsRepo } from "../dispatches/PullRequestsRepo.ts"
import { RunLogRepo } from "../dispatches/RunLogRepo.ts"
import { settlementEffects } from "../dispatches/settlementSteps.ts"
import { type EffectRow, SettlementsRepo } from "../dispatches/SettlementsRepo.ts"
import { lateOutcome } from "../dispatches/timelineEvents.ts"
import { TimelineRepo } from "../dispatches/TimelineRepo.ts"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import { FactsRepo } from "../issues/FactsRepo.ts"
import { FailureStates } from "../issues/FailureStates.ts"
import { PlansRepo } from "../plans/PlansRepo.ts"
import type { DispatchId } from "../../domain/Ids.ts"

const quotedLines = 20

/** The end of a dispatch and what follows from it. */
export class Settlement extends Context.Service<
  Settlement,
  {
    /**
     * Writes the end of a dispatch once, with all that follows from it, in one transaction. Null when it had ended
     * before; an outcome of another kind is then added to its timeline.
     */
    readonly writeOutcome: (
      id: DispatchId,
      outcome: Outcome,
      pullRequest: FoundPullRequest | null,
      plan?: ReadonlyArray<PlanDocument>
    ) => Effect.Effect<DispatchRow | null>
    /** Gives a settlement step up and queues the notification of it, in one transaction. */
    readonly giveUp: (step: EffectRow, error: string) => Effect.Effect<void>
    /** Gives up every open step of an ended dispatch once one has failed; whether the dispatch is settled then. */
    readonly abandon: (id: DispatchId, why: string) => Effect.Effect<boolean>
  }
>()("ai-implement/dispatching/lifecycle/Settlement") {
  static readonly layerNoDeps = Layer.effect(
    Settlement,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const transitions = yield* TransitionsRepo
      const timeline = yield* TimelineRepo
      const pullRequests = yield* PullRequestsRepo
      const plans = yield* PlansRepo
      const failureStates = yield* FailureStates
      const facts = yield* FactsRepo
      const runLog = yield* RunLogRepo
      const settlements = yield* SettlementsRepo
      const outbox = yield* OutboxRepo

      const refuseLate = Effect.fnUntraced(function* (id: DispatchId, outcome: Outcome) {
        const row = yield* transitions.find(id)
        if (row?.outcome == null || row.outcome.kind === outcome.kind) return
        yield* timeline.add(id, lateOutcome(outcome))
      })

      const writeOutcome: Settlement["Service"]["writeOutcome"] = Effect.fn("Settlement.writeOutcome")(
        function* (id, outcome, pullRequest, plan = []) {
          const row = yield* transitions.end(id, outcome)
          if (row === null) {
            yield* refuseLate(id, outcome)
            return null
          }
          if (pullRequest !== null) yield* pullRequests.upsert(row, pullRequest)
          if (plan.length > 0) yield* plans.record(row, plan)
          const newlyParked = yield* failureStates.record(row, outcome)
          const lines = yield* runLog.last(id, quotedLines)
          yield* settlements.add(id, settlementEffects(row, outcome, pullRequest, newlyParked, plan, lines))
          const autoApproved = plan.length > 0 && (yield* facts.autoApprovesPlans(row.teamKey))
          for (const notice of endNotices(row, outcome, pullRequest, newlyParked, autoApproved)) {
            yield* outbox.add(`${id}/${notice.kind}`, notice)
          }
          return row
        },
        atomically,
        (written, _id, outcome) =>
          Effect.tap(written, (row) => (row === null ? Effect.void : countOutcome(outcome)))
      )

      const giveUp = Effect.fn("Settlement.giveUp")(function* (step: EffectRow, error: string) {
        if (!(yield* settlements.effectGivenUp(step, error))) return
        const row = yield* transitions.find(step.dispatchId)
        if (row === null) return
        yield* outbox.add(`${row.id}/given_up/${step.effect}`, givenUpNotice(row, step.effect, error))
      }, atomically)

      const abandon = Effect.fn("Settlement.abandon")(function* (id: DispatchId, why: string) {
        const pending = yield* settlements.pendingEffects(id)
        if (!pending.some(({ attempts }) => attempts > 0)) return false
        for (const step of pending) yield* giveUp(step, why)
        return (yield* transitions.settle(id)) !== null
      }, atomically)

      return Settlement.of({ writeOutcome, giveUp, abandon })
    })
  )
}
