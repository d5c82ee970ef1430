import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Schema from "effect/Schema"
import { type Actor, Audit, nameOf } from "../../admin/Audit.ts"
import type { Issue } from "../../domain/Issue.ts"
import { escapeMarkdown } from "../../domain/Markdown.ts"
import { labels, hasLabel } from "../../domain/Labels.ts"
import { OutboxRepo } from "../../messaging/Notifications/OutboxRepo.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import { Tracker } from "../../upstreams/Tracker.ts"
import { rejectedNotice } from "../dispatches/notices.ts"
import { ContextReader } from "../context/ContextReader.ts"
import type { DispatchContext } from "../decision/DispatchContext.ts"
import { Decisions } from "../issues/Decisions.ts"
import { FailuresRepo } from "../issues/FailuresRepo.ts"
import { IssuesRepo } from "../issues/IssuesRepo.ts"
import { parkedFor } from "../plans/parking.ts"
import { PlansRepo } from "../plans/PlansRepo.ts"
import { Passes } from "../poller/Passes.ts"

/** The issue has no plan that the command applies to. */
export class PlanConflict extends Schema.TaggedError<PlanConflict>()("PlanConflict", {
  message: Schema.String
}) {}

type Named = Pick<Issue, "issueId" | "identifier" | "title" | "url" | "labels">

/** Operator commands about the plan of an issue. */
export class PlanCommands extends Context.Service<
  PlanCommands,
  {
    readonly approve: (issue: Named, by: Actor) => Effect.Effect<void, PlanConflict>
    /** The next planning run receives the reason. Returns the removed labels. */
    readonly reject: (
      issue: Named,
      reason: string,
      by: Actor
    ) => Effect.Effect<ReadonlyArray<string>, PlanConflict>
  }
>()("ai-implement/dispatching/commands/PlanCommands") {
  static readonly layerNoDeps = Layer.effect(
    PlanCommands,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const random = yield* SecureRandom.SecureRandom
      const repo = yield* PlansRepo
      const issues = yield* IssuesRepo
      const failures = yield* FailuresRepo
      const tracker = yield* Tracker
      const passes = yield* Passes
      const decisions = yield* Decisions
      const audit = yield* Audit
      const outbox = yield* OutboxRepo
      const contextReader = yield* ContextReader

      const undecided = Effect.fnUntraced(function* ({ identifier, issueId }: Named) {
        const plan = yield* repo.current(issueId)
        const refuse = (why: string) => new PlanConflict({ message: `${why} Nothing was changed.` })
        if (plan === null) return yield* refuse(`${identifier} has no plan that waits for a verdict.`)
        if (plan.verdict !== null) {
          const at = plan.verdictAt === null ? "" : ` on ${DateTime.formatIso(plan.verdictAt)}`
          return yield* refuse(
            `The plan of ${identifier} was ${plan.verdict} by ${plan.verdictBy ?? "someone"}${at}.`
          )
        }
        return plan
      })

      const storeApproval = Effect.fnUntraced(function* (issue: Named, by: Actor, context: DispatchContext) {
        const plan = yield* undecided(issue)
        yield* repo.approve(plan.id, nameOf(by), "api")
        yield* decisions.renew(issue.issueId, context)
        yield* audit.record({
          actor: by,
          action: "plan.approve",
          subject: issue.identifier,
          after: { planId: plan.id }
        })
      }, atomically)

      const approve = Effect.fn("PlanCommands.approve")(function* (issue: Named, by: Actor) {
        yield* storeApproval(issue, by, yield* contextReader.read)
        yield* passes.request(nameOf(by))
      })

      const storeRejection = Effect.fnUntraced(function* (
        issue: Named,
        reason: string,
        by: Actor,
        context: DispatchContext
      ) {
        const plan = yield* undecided(issue)
        if (plan.underWay) {
          return yield* new PlanConflict({
            message: `A dispatch of ${issue.identifier} is not settled; cancel it or wait. Nothing was changed.`
          })
        }
        yield* repo.reject(plan.id, nameOf(by), reason)
        const why = parkedFor(yield* repo.rejectedInARow(issue.issueId), reason)
        if (why !== null) yield* failures.park(issue.issueId, "planning", why)
        yield* decisions.renew(issue.issueId, context)
        yield* audit.record({
          actor: by,
          action: "plan.reject",
          subject: issue.identifier,
          after: { planId: plan.id, reason }
        })
        if (why !== null) yield* outbox.add(`${plan.id}/parked`, rejectedNotice(issue, why))
        return { teamId: plan.teamId, why }
      }, atomically)

      // The verdict stands whatever Linear answers: the next planning removes the labels.
      const reject = Effect.fn("PlanCommands.reject")(function* (issue: Named, reason: string, by: Actor) {
        const { teamId, why } = yield* storeRejection(issue, reason, by, yield* contextReader.read)
        const { identifier, issueId } = issue
        const failed = (what: string) => (error: { readonly message: string }) =>
          Effect.logWarning(`Could not ${what} of ${identifier}: ${error.message}`)
        const remove = [labels.planComplete, labels.planApproved]
        const removed = yield* tracker.change({ issueId, teamId, add: [], remove, start: false }).pipe(
          Effect.tap((left) => issues.setLabels(issueId, left)),
          Effect.as(remove.filter((label) => hasLabel(issue.labels, label))),
          Effect.catch((error) => Effect.as(failed("remove the plan labels")(error), []))
        )
        const next =
          why === null
            ? "The next planning receives this reason."
            : `AI-Implement leaves this issue alone: ${escapeMarkdown(why)}\n\nTo have it planned again, un-park it in the admin.`
        yield* tracker
          .comment({
            id: yield* random.uuidV4(),
            issueId,
            body: `${escapeMarkdown(`${nameOf(by)} rejected the plan: ${reason}`)}\n\n${next}`
          })
          .pipe(Effect.catch(failed("comment on the rejected plan")))
        yield* passes.request(nameOf(by))
        return removed
      })

      return PlanCommands.of({ approve, reject })
    })
  )
}
