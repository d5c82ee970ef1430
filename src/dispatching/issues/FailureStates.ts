import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type FailureState, heldBy, keepsDedup, keepsHold, recordEnd } from "../../domain/Failures.ts"
import type { Outcome } from "../../domain/Outcome.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"
import { PlansRepo } from "../plans/PlansRepo.ts"
import { DedupRepo } from "./DedupRepo.ts"
import { FailuresRepo } from "./FailuresRepo.ts"
import { HoldsRepo } from "./HoldsRepo.ts"
import type { IssueId } from "../../domain/Ids.ts"

/** What prevents an issue's next dispatch: dedup, backoff, parking, a hold, rejected plans. */
export class FailureStates extends Context.Service<
  FailureStates,
  {
    /** Records the end of a dispatch, in its transaction. The failure state if this end parked the issue, else null. */
    readonly record: (
      row: Pick<DispatchRow, "issueId" | "phase" | "finishedAt">,
      outcome: Outcome
    ) => Effect.Effect<FailureState | null>
    /** Clears all of it in one transaction; names what there was: `dedup`, `backoff`, `parked`, `held`, `rejects`. */
    readonly clear: (issueId: IssueId) => Effect.Effect<ReadonlyArray<string>>
    /** Clears all of it for issues that were completed or canceled. */
    readonly clearClosed: (issueIds: ReadonlyArray<string>) => Effect.Effect<void>
    /** Ends the holds of issues, and clears nothing else. */
    readonly release: (issueIds: ReadonlyArray<string>) => Effect.Effect<void>
  }
>()("ai-implement/dispatching/issues/FailureStates") {
  static readonly layerNoDeps = Layer.effect(
    FailureStates,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const dedup = yield* DedupRepo
      const failures = yield* FailuresRepo
      const holds = yield* HoldsRepo
      const plans = yield* PlansRepo

      const record = Effect.fn("FailureStates.record")(function* (
        { finishedAt, issueId, phase }: Pick<DispatchRow, "issueId" | "phase" | "finishedAt">,
        outcome: Outcome
      ) {
        const before = yield* failures.lock(issueId, phase)
        const at = finishedAt ?? (yield* DateTime.now)
        const after = recordEnd(before, phase, outcome, at)
        yield* failures.put(issueId, phase, after)
        if (phase === "implementation" && !keepsDedup(outcome.kind)) yield* dedup.remove([issueId])
        if (!keepsHold(outcome)) yield* holds.release([issueId])
        const by = heldBy(outcome)
        if (by !== null) yield* holds.put(issueId, by, at)
        return after?.parkedAt != null && before?.parkedAt == null ? after : null
      })

      const clearAll = Effect.fnUntraced(function* (issueIds: ReadonlyArray<string>) {
        const removed = yield* dedup.remove(issueIds)
        const { backoff, parked } = yield* failures.clear(issueIds)
        const held = yield* holds.release(issueIds)
        const rejects = yield* plans.clearRejections(issueIds)
        return [
          ...(removed ? ["dedup"] : []),
          ...(backoff ? ["backoff"] : []),
          ...(parked ? ["parked"] : []),
          ...(held ? ["held"] : []),
          ...(rejects ? ["rejects"] : [])
        ]
      })

      const clear = Effect.fn("FailureStates.clear")((issueId: IssueId) => clearAll([issueId]), atomically)
      const clearClosed = Effect.fn("FailureStates.clearClosed")(clearAll, Effect.asVoid)

      const release = Effect.fn("FailureStates.release")(holds.release, Effect.asVoid)

      return FailureStates.of({ record, clear, clearClosed, release })
    })
  )
}
