import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type Actor, Audit, nameOf } from "../../admin/Audit.ts"
import type { Phase } from "../../domain/Modes.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import { Tracker, type TrackedIssue } from "../../upstreams/Tracker.ts"
import { Admission, type AdmissionRequest } from "../admission/Admission.ts"
import { ContextReader } from "../context/ContextReader.ts"
import { DispatchConflict, Dispatches, NotAdmitted } from "../dispatches/Dispatches.ts"
import { DispatchesRepo } from "../dispatches/DispatchesRepo.ts"
import { Decisions } from "../issues/Decisions.ts"
import { FactsRepo } from "../issues/FactsRepo.ts"
import { FailureStates } from "../issues/FailureStates.ts"
import { IssueNotFound } from "../issues/Issues.ts"
import { IssuesRepo } from "../issues/IssuesRepo.ts"
import { Lifecycle } from "../lifecycle/Lifecycle.ts"
import { Plans } from "../plans/Plans.ts"
import { Readiness } from "../readiness/Readiness.ts"
import type { DispatchId, IssueId } from "../../domain/Ids.ts"

interface OperatorCommand {
  readonly action: string
  readonly by: Actor
  readonly subject?: string
}

type Wanted = Pick<AdmissionRequest, "trigger" | "by" | "phase" | "comment">

/** Another pass over the pull request of an issue, requested by a comment. */
export interface CommentedPass {
  readonly issueId: IssueId
  readonly by: string
  readonly comment: NonNullable<AdmissionRequest["comment"]>
  /** The description that the run receives, from the issue's own. */
  readonly describe: (description: string | null) => string | null
}

export const makeDispatch = Effect.gen(function* () {
  const atomically = yield* makeAtomically
  const admission = yield* Admission
  const audit = yield* Audit
  const contextReader = yield* ContextReader
  const decisions = yield* Decisions
  const dispatches = yield* Dispatches
  const facts = yield* FactsRepo
  const failureStates = yield* FailureStates
  const issues = yield* IssuesRepo
  const lifecycle = yield* Lifecycle
  const log = yield* DispatchesRepo
  const plans = yield* Plans
  const readiness = yield* Readiness
  const tracker = yield* Tracker

  const admitOne = Effect.fnUntraced(function* (
    issue: TrackedIssue,
    request: Omit<AdmissionRequest, "issues">,
    command: OperatorCommand | null
  ) {
    yield* facts.lockMapping(issue.team.key)
    const cleared = command === null ? [] : yield* failureStates.clear(issue.id)
    const [admitted] = yield* admission.admit({ ...request, issues: [issue] })
    if (admitted.dispatch === null) return yield* new NotAdmitted({ reason: admitted.reason, cleared: [] })
    if (command === null) yield* failureStates.release([issue.id])
    yield* decisions.renew(issue.id, request.context)
    if (command !== null) {
      const { action, by, subject = issue.identifier } = command
      const after = { dispatch: admitted.dispatch.id, cleared }
      yield* audit.record({ actor: by, action, subject, after })
    }
    return admitted.dispatch
  }, atomically)

  // After the rollback, so that what the command would have cleared stays.
  const noteRefusal = Effect.fnUntraced(function* (
    issue: TrackedIssue,
    context: AdmissionRequest["context"],
    command: OperatorCommand | null,
    { reason }: NotAdmitted
  ) {
    yield* decisions.renew(issue.id, context)
    if (command === null) return
    const { action, by, subject = issue.identifier } = command
    yield* audit.record({ actor: by, action, subject, after: { waits: reason._tag, cleared: [] } })
  }, atomically)

  const admit = Effect.fnUntraced(function* (
    ref: string,
    wanted: Wanted,
    command: OperatorCommand | null,
    describe: CommentedPass["describe"] = (description) => description
  ) {
    const readAt = yield* DateTime.now
    const tracked = yield* tracker.get(ref).pipe(
      Effect.catchIf(
        (error) => error.reason._tag === "NotFound",
        () => new IssueNotFound({ message: `Linear has no issue ${ref}; nothing was dispatched.` })
      )
    )
    yield* issues.upsert(tracked, readAt)
    yield* plans.follow([tracked], readAt)
    const context = yield* readiness.reconsider(tracked.team.key, yield* contextReader.read)
    const issue = { ...tracked, description: describe(tracked.description) }
    const row = yield* admitOne(issue, { ...wanted, readAt, context }, command).pipe(
      Effect.tapErrorTag("NotAdmitted", (refused) => noteRefusal(tracked, context, command, refused))
    )
    yield* lifecycle.start(row)
    return yield* Effect.orDie(dispatches.get(row.id))
  })

  const dispatch = Effect.fn("IssueCommands.dispatch")(function* (request: {
    readonly issue: string
    readonly phase?: Phase | undefined
    readonly by: Actor
  }) {
    const { by, issue, phase } = request
    return yield* admit(issue, { trigger: "manual", by: nameOf(by), phase }, { action: "issue.dispatch", by })
  })

  const retry = Effect.fn("IssueCommands.retry")(function* (dispatchId: DispatchId, by: Actor) {
    const { id, issueId, issueIdentifier, outcome, phase, settledAt } = yield* dispatches.get(dispatchId)
    const refuse = (why: string) =>
      new DispatchConflict({ message: `${issueIdentifier} cannot be retried: ${why}` })
    if (settledAt === null) {
      return yield* refuse(
        outcome === null
          ? "this dispatch has not ended; cancel it or wait."
          : "this dispatch is not settled yet; wait, or reset the issue to give up what is open."
      )
    }
    if (!(yield* log.isLatest(id, issueId))) {
      return yield* refuse("a later dispatch of the issue exists; retry that one.")
    }
    const command = { action: "dispatch.retry", by, subject: id }
    return yield* admit(issueId, { trigger: "retry", by: nameOf(by), phase }, command).pipe(
      Effect.catchTag("IssueNotFound", (error) => refuse(error.message))
    )
  })

  const again = Effect.fn("IssueCommands.again")(function* (request: CommentedPass) {
    const { by, comment, describe, issueId } = request
    return yield* admit(issueId, { trigger: "comment", by, comment }, null, describe)
  })

  return { dispatch, retry, again }
})
