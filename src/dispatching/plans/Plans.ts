import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Dispatch } from "../../domain/Dispatch.ts"
import type { PlanHistory } from "../../domain/Plan.ts"
import type { TrackedIssue } from "../../upstreams/Tracker.ts"
import { follow } from "./follow.ts"
import { PlansRepo } from "./PlansRepo.ts"

/** Applies the labels of issues to their plans. */
export class Plans extends Context.Service<
  Plans,
  {
    /** Applies the labels of issues as read at `readAt`, unless a dispatch was unsettled then. */
    readonly follow: (
      issues: ReadonlyArray<Pick<TrackedIssue, "id" | "labels">>,
      readAt: DateTime.Utc
    ) => Effect.Effect<void>
    /** The plans of the issue, newest first. */
    readonly history: (issue: Pick<Dispatch, "issueId" | "issueIdentifier">) => Effect.Effect<PlanHistory>
  }
>()("ai-implement/dispatching/plans/Plans") {
  static readonly layer = Layer.effect(
    Plans,
    Effect.gen(function* () {
      const repo = yield* PlansRepo

      const followLabels = Effect.fn("Plans.follow")(function* (
        read: ReadonlyArray<Pick<TrackedIssue, "id" | "labels">>,
        readAt: DateTime.Utc
      ) {
        const labels = new Map(read.map((issue) => [issue.id, issue.labels]))
        for (const { issueId, plan } of yield* repo.known([...labels.keys()], readAt)) {
          const change = follow(plan, labels.get(issueId) ?? [])
          if (change === null) continue
          if (change._tag === "Declared") {
            yield* repo.declare(issueId, plan?.id ?? null, change.approved)
          } else if (plan !== null) {
            switch (change._tag) {
              case "Withdrawn":
                yield* repo.withdraw(plan.id)
                break
              case "Approved":
                yield* repo.approve(plan.id, "Linear", "label")
                break
              case "Noted":
                yield* repo.note(plan.id, change.labelled, change.approvalIgnored)
            }
          }
        }
      })

      const history = Effect.fn("Plans.ofIssue")(function* ({
        issueId,
        issueIdentifier
      }: Pick<Dispatch, "issueId" | "issueIdentifier">) {
        return { issueId, issueIdentifier, versions: yield* repo.history(issueId) }
      })

      return Plans.of({ follow: followLabels, history })
    })
  )
}
