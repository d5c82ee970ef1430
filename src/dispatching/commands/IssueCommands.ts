import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { DedupEntry } from "../../domain/Dedup.ts"
import { type Actor, Audit, nameOf } from "../../admin/Audit.ts"
import type { Dispatch } from "../../domain/Dispatch.ts"
import type { Issue } from "../../domain/Issue.ts"
import type { Phase } from "../../domain/Modes.ts"
import type { ReasonTag } from "../../domain/Reason.ts"
import { IssuesRepo } from "../issues/IssuesRepo.ts"
import { DispatchConflict, Dispatches, type DispatchNotFound, NotAdmitted } from "../dispatches/Dispatches.ts"
import { Admission, type AdmissionRequest } from "../admission/AdmissionRepo.ts"
import { FactsRepo } from "../issues/FactsRepo.ts"
import { DispatchesRepo } from "../dispatches/DispatchesRepo.ts"
import { SettlementsRepo } from "../dispatches/SettlementsRepo.ts"
import { labels, occupyingLabels, hasLabel } from "../../domain/Labels.ts"
import { Tracker, type TrackedIssue } from "../../upstreams/Tracker.ts"
import { Lifecycle } from "../lifecycle/Lifecycle.ts"
import { Passes } from "../poller/Passes.ts"
import { Plans } from "../plans/Plans.ts"
import { PlanCommands, type PlanConflict } from "./PlanCommands.ts"
import { Decisions } from "../issues/Decisions.ts"
import { ContextReader } from "../context/ContextReader.ts"
import { Readiness } from "../readiness/Readiness.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import { isCertain, type UpstreamError } from "../../upstreams/UpstreamError.ts"

export class IssueNotFound extends Schema.TaggedError<IssueNotFound>()("IssueNotFound", {
  message: Schema.String
}) {}

export class IssueConflict extends Schema.TaggedError<IssueConflict>()("IssueConflict", {
  message: Schema.String
}) {}

export interface Changed {
  readonly issue: Issue
  /** What the operator's word cleared: `dedup`, `backoff`, `parked`, `rejects`, or a label's name. */
  readonly cleared: ReadonlyArray<string>
}

/** An operator's, as the audit tells it. */
interface OperatorCommand {
  readonly action: string
  readonly by: Actor
  /** Else the issue. */
  readonly subject?: string
}

/** The candidates of the last pass with their reasons, and what an operator may say about one. Issues by id or identifier. */
export class IssueCommands extends Context.Service<
  IssueCommands,
  {
    readonly list: (filter: {
      readonly team?: string | undefined
      readonly reason?: ReasonTag | undefined
      readonly issue?: string | undefined
    }) => Effect.Effect<ReadonlyArray<Issue>>
    readonly dedup: Effect.Effect<ReadonlyArray<DedupEntry>>
    readonly removeFromDedup: (
      issue: string,
      by: Actor
    ) => Effect.Effect<ReadonlyArray<string>, IssueNotFound>
    readonly unpark: (issue: string, by: Actor) => Effect.Effect<Changed, IssueNotFound | IssueConflict>
    /** Takes a stray run label off and clears dedup, backoff and parking; 409 while a dispatch is unsettled. */
    readonly reset: (
      issue: string,
      by: Actor
    ) => Effect.Effect<Changed, IssueNotFound | IssueConflict | UpstreamError>
    /** The plan that waits may be carried out. */
    readonly approve: (issue: string, by: Actor) => Effect.Effect<Changed, IssueNotFound | PlanConflict>
    /** The plan may not; the next one is told why. After five in a row the issue is parked. */
    readonly reject: (
      issue: string,
      reason: string,
      by: Actor
    ) => Effect.Effect<Changed, IssueNotFound | PlanConflict>
    /** Dispatch now, through the door of 1.3. */
    readonly dispatch: (request: {
      readonly issue: string
      readonly phase?: Phase | undefined
      readonly by: Actor
    }) => Effect.Effect<Dispatch, IssueNotFound | NotAdmitted | UpstreamError>
    /** Repeats the phase of a settled dispatch that is its issue's latest. */
    readonly retry: (
      dispatchId: string,
      by: Actor
    ) => Effect.Effect<Dispatch, DispatchNotFound | DispatchConflict | NotAdmitted | UpstreamError>
    /** Another pass over the issue's pull request, which a comment asks for; nothing is cleared. */
    readonly again: (request: {
      readonly issueId: string
      readonly by: string
      readonly comment: NonNullable<AdmissionRequest["comment"]>
      /** The description that the run is given, from the issue's own. */
      readonly describe: (description: string | null) => string | null
    }) => Effect.Effect<Dispatch, IssueNotFound | NotAdmitted | UpstreamError>
  }
>()("ai-implement/dispatching/commands/IssueCommands") {
  static readonly layerNoDeps = Layer.effect(
    IssueCommands,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const repo = yield* IssuesRepo
      const audit = yield* Audit
      const settlements = yield* SettlementsRepo
      const tracker = yield* Tracker
      const facts = yield* FactsRepo
      const admission = yield* Admission
      const readiness = yield* Readiness
      const contextReader = yield* ContextReader
      const plans = yield* Plans
      const planCommands = yield* PlanCommands
      const decisions = yield* Decisions
      const passes = yield* Passes
      const lifecycle = yield* Lifecycle
      const dispatches = yield* Dispatches
      const log = yield* DispatchesRepo

      const find = Effect.fnUntraced(function* (ref: string) {
        const [issue] = yield* repo.list({ issue: ref })
        if (issue === undefined) {
          return yield* new IssueNotFound({
            message: `No pass has seen an issue ${ref}; it needs the pickup label and an open state.`
          })
        }
        return issue
      })

      const changed = Effect.fnUntraced(function* (ref: string, cleared: ReadonlyArray<string>) {
        return { issue: yield* find(ref), cleared }
      })

      /** The issue is decided about anew at once, and by a pass as soon as may be. */
      const clear = Effect.fnUntraced(function* (issueId: string, by: Actor) {
        const cleared = yield* repo.clearFailureState(issueId)
        yield* decisions.renew(issueId)
        yield* passes.request(nameOf(by))
        return cleared
      })

      const forget = Effect.fnUntraced(function* (
        issueId: string,
        subject: string,
        action: string,
        by: Actor
      ) {
        const cleared = yield* clear(issueId, by)
        yield* audit.record({ actor: by, action, subject, after: { cleared } })
        return cleared
      }, atomically)

      const removeFromDedup = Effect.fn("IssueCommands.removeFromDedup")(function* (ref: string, by: Actor) {
        const issueId = yield* repo.issueInDedup(ref)
        if (issueId === null) {
          return yield* new IssueNotFound({
            message: `${ref} is not in the dedup window; nothing was changed.`
          })
        }
        return yield* forget(issueId, ref, "dedup.delete", by)
      })

      const unpark = Effect.fn("IssueCommands.unpark")(function* (ref: string, by: Actor) {
        const issue = yield* find(ref)
        if (issue.failures.parkedAt === null) {
          return yield* new IssueConflict({
            message: `${issue.identifier} is not parked; nothing was changed.`
          })
        }
        return yield* changed(ref, yield* forget(issue.issueId, issue.identifier, "issue.unpark", by))
      })

      const reset = Effect.fn("IssueCommands.reset")(function* (ref: string, by: Actor) {
        const issue = yield* find(ref)
        if (yield* repo.hasUnsettled(issue.issueId)) {
          return yield* new IssueConflict({
            message: `${issue.identifier} has a dispatch that is not settled; cancel it first. Nothing was changed.`
          })
        }
        const tracked = yield* tracker.get(issue.issueId)
        const stray = [...occupyingLabels, labels.readyForReview].filter((label) =>
          hasLabel(tracked.labels, label)
        )
        if (stray.length === 0)
          return yield* changed(ref, yield* forget(issue.issueId, issue.identifier, "issue.reset", by))
        const entry = yield* audit.intend({
          actor: by,
          action: "issue.reset",
          subject: issue.identifier,
          after: { labelsOff: stray }
        })
        const worn = yield* tracker
          .change({
            issueId: tracked.id,
            teamId: tracked.team.id,
            add: [],
            remove: stray,
            start: false
          })
          .pipe(Effect.tapError((error) => (isCertain(error) ? entry.withdraw : Effect.void)))
        yield* settlements.labelsAre(issue.issueId, worn)
        const [cleared] = yield* atomically(Effect.all([clear(issue.issueId, by), entry.confirm]))
        return yield* changed(ref, [...stray, ...cleared])
      })

      const approve = Effect.fn("IssueCommands.approve")(function* (ref: string, by: Actor) {
        yield* planCommands.approve(yield* find(ref), by)
        return yield* changed(ref, [])
      })

      const reject = Effect.fn("IssueCommands.reject")(function* (ref: string, reason: string, by: Actor) {
        const taken = yield* planCommands.reject(yield* find(ref), reason, by)
        return yield* changed(ref, taken)
      })

      /** No pass comes between what the operator's word clears and what is admitted. */
      const decide = Effect.fnUntraced(function* (
        issue: TrackedIssue,
        request: Omit<AdmissionRequest, "issues">,
        command: OperatorCommand | null
      ) {
        yield* facts.lockMapping(issue.team.key)
        const cleared = command === null ? [] : yield* repo.clearFailureState(issue.id)
        const [admitted] = yield* admission.admit({ ...request, issues: [issue] })
        const { dispatch } = admitted
        yield* decisions.renew(issue.id)
        if (command !== null) {
          const { action, by, subject = issue.identifier } = command
          const outcome = dispatch === null ? { waits: admitted.reason._tag } : { dispatch: dispatch.id }
          yield* audit.record({ actor: by, action, subject, after: { ...outcome, cleared } })
        }
        return { admitted, cleared }
      }, atomically)

      const admit = Effect.fnUntraced(function* (
        ref: string,
        request: Pick<AdmissionRequest, "trigger" | "by" | "phase" | "comment">,
        command: OperatorCommand | null,
        describe = (description: string | null) => description
      ) {
        const readAt = yield* DateTime.now
        const tracked = yield* tracker.get(ref).pipe(
          Effect.catchIf(
            (error) => error.reason._tag === "NotFound",
            () => new IssueNotFound({ message: `Linear has no issue ${ref}; nothing was dispatched.` })
          )
        )
        yield* repo.see(tracked, readAt)
        yield* plans.follow([tracked], readAt)
        yield* readiness.reconsider(tracked.team.key)
        const context = yield* contextReader.read
        const issue = { ...tracked, description: describe(tracked.description) }
        const { admitted, cleared } = yield* decide(issue, { ...request, readAt, context }, command)
        if (admitted.dispatch === null) return yield* new NotAdmitted({ reason: admitted.reason, cleared })
        const row = admitted.dispatch
        yield* lifecycle.start(row)
        return yield* Effect.orDie(dispatches.get(row.id))
      })

      const dispatch = Effect.fn("IssueCommands.dispatch")(function* (request: {
        readonly issue: string
        readonly phase?: Phase | undefined
        readonly by: Actor
      }) {
        const { by, issue, phase } = request
        return yield* admit(
          issue,
          { trigger: "manual", by: nameOf(by), phase },
          { action: "issue.dispatch", by }
        )
      })

      const retry = Effect.fn("IssueCommands.retry")(function* (dispatchId: string, by: Actor) {
        const earlier = yield* dispatches.get(dispatchId)
        const refuse = (why: string) =>
          new DispatchConflict({ message: `${earlier.issueIdentifier} cannot be retried: ${why}` })
        if (earlier.settledAt === null)
          return yield* refuse("this dispatch is not settled yet; cancel it or wait.")
        if (!(yield* log.isLatest(earlier.id, earlier.issueId))) {
          return yield* refuse("a later dispatch of the issue exists; retry that one.")
        }
        const command = { action: "dispatch.retry", by, subject: earlier.id }
        return yield* admit(
          earlier.issueId,
          { trigger: "retry", by: nameOf(by), phase: earlier.phase },
          command
        ).pipe(Effect.catchTag("IssueNotFound", (error) => refuse(error.message)))
      })

      const again = Effect.fn("IssueCommands.again")(function* ({
        by,
        comment,
        describe,
        issueId
      }: Parameters<IssueCommands["Service"]["again"]>[0]) {
        return yield* admit(issueId, { trigger: "comment", by, comment }, null, describe)
      })

      return IssueCommands.of({
        list: repo.list,
        dedup: repo.dedup,
        removeFromDedup,
        unpark,
        reset,
        approve,
        reject,
        dispatch,
        retry,
        again
      })
    })
  )
}
