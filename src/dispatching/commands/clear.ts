import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Actor, Audit, nameOf } from "../../admin/Audit.ts"
import { hasLabel, labels, occupyingLabels } from "../../domain/Labels.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import { Tracker } from "../../upstreams/Tracker.ts"
import { isCertain } from "../../upstreams/UpstreamError.ts"
import { ContextReader } from "../context/ContextReader.ts"
import type { DispatchContext } from "../decision/DispatchContext.ts"
import { Decisions } from "../issues/Decisions.ts"
import { IssueNotFound, Issues } from "../issues/Issues.ts"
import { DedupRepo } from "../issues/DedupRepo.ts"
import { FailureStates } from "../issues/FailureStates.ts"
import { IssuesRepo } from "../issues/IssuesRepo.ts"
import { Settlement } from "../lifecycle/Settlement.ts"
import { Passes } from "../poller/Passes.ts"
import type { IssueId } from "../../domain/Ids.ts"

export class IssueConflict extends Schema.TaggedError<IssueConflict>()("IssueConflict", {
  message: Schema.String
}) {}

/** Commands that clear what prevents a dispatch: dedup, backoff, parking, holds, stray labels. */
export const makeClear = Effect.gen(function* () {
  const atomically = yield* makeAtomically
  const audit = yield* Audit
  const contextReader = yield* ContextReader
  const dedup = yield* DedupRepo
  const failureStates = yield* FailureStates
  const decisions = yield* Decisions
  const issues = yield* Issues
  const passes = yield* Passes
  const repo = yield* IssuesRepo
  const settlement = yield* Settlement
  const tracker = yield* Tracker

  const clear = Effect.fnUntraced(function* (issueId: IssueId, by: Actor, context: DispatchContext) {
    const cleared = yield* failureStates.clear(issueId)
    yield* decisions.renew(issueId, context)
    yield* passes.request(nameOf(by))
    return cleared
  })

  const clearOnly = Effect.fnUntraced(function* (
    issueId: IssueId,
    subject: string,
    action: string,
    by: Actor
  ) {
    const context = yield* contextReader.read
    return yield* atomically(
      Effect.tap(clear(issueId, by, context), (cleared) =>
        audit.record({ actor: by, action, subject, after: { cleared } })
      )
    )
  })

  const removeFromDedup = Effect.fn("IssueCommands.removeFromDedup")(function* (ref: string, by: Actor) {
    const issueId = yield* dedup.find(ref)
    if (issueId === null) {
      return yield* new IssueNotFound({ message: `${ref} is not in the dedup window; nothing was changed.` })
    }
    return yield* clearOnly(issueId, ref, "dedup.delete", by)
  })

  const unpark = Effect.fn("IssueCommands.unpark")(function* (ref: string, by: Actor) {
    const { failures, held, identifier, issueId } = yield* issues.get(ref)
    if (failures.parkedAt === null && held === null) {
      return yield* new IssueConflict({
        message: `${identifier} is neither parked nor held; nothing was changed.`
      })
    }
    const cleared = yield* clearOnly(issueId, identifier, "issue.unpark", by)
    return { issue: yield* issues.get(ref), cleared }
  })

  const removeLabels = Effect.fnUntraced(function* (
    issue: { readonly issueId: IssueId; readonly teamId: string; readonly identifier: string },
    remove: ReadonlyArray<string>,
    by: Actor
  ) {
    const { identifier, issueId, teamId } = issue
    const entry = yield* audit.intend({
      actor: by,
      action: "issue.reset",
      subject: identifier,
      after: { labelsOff: remove }
    })
    const left = yield* tracker
      .change({ issueId, teamId, add: [], remove, start: false })
      .pipe(Effect.tapError((error) => (isCertain(error) ? entry.withdraw : Effect.void)))
    yield* repo.setLabels(issueId, left)
    const context = yield* contextReader.read
    const [cleared] = yield* atomically(Effect.all([clear(issueId, by, context), entry.confirm]))
    return [...remove, ...cleared]
  })

  const reset = Effect.fn("IssueCommands.reset")(function* (ref: string, by: Actor) {
    const { identifier, issueId } = yield* issues.get(ref)
    const unsettled = yield* repo.unsettled(issueId)
    if (unsettled !== null && !unsettled.ended) {
      return yield* new IssueConflict({
        message: `${identifier} has a dispatch that has not ended; cancel it first. Nothing was changed.`
      })
    }
    if (unsettled !== null && !(yield* settlement.abandon(unsettled.id, `${nameOf(by)} reset the issue`))) {
      return yield* new IssueConflict({
        message: `The dispatch of ${identifier} is being settled; wait a moment. Nothing was changed.`
      })
    }
    const tracked = yield* tracker.get(issueId)
    const stray = [...occupyingLabels, labels.readyForReview].filter((label) =>
      hasLabel(tracked.labels, label)
    )
    const cleared =
      stray.length === 0
        ? yield* clearOnly(issueId, identifier, "issue.reset", by)
        : yield* removeLabels({ issueId, teamId: tracked.team.id, identifier }, stray, by)
    return { issue: yield* issues.get(ref), cleared }
  })

  return { removeFromDedup, unpark, reset }
})
