import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Actor } from "../../admin/Audit.ts"
import type { Dispatch } from "../../domain/Dispatch.ts"
import type { Issue } from "../../domain/Issue.ts"
import type { Phase } from "../../domain/Modes.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"
import type { DispatchConflict, DispatchNotFound, NotAdmitted } from "../dispatches/Dispatches.ts"
import { type IssueNotFound, Issues } from "../issues/Issues.ts"
import { type IssueConflict, makeClear } from "./clear.ts"
import { type CommentedPass, makeDispatch } from "./dispatch.ts"
import { PlanCommands, type PlanConflict } from "./PlanCommands.ts"
import type { DispatchId } from "../../domain/Ids.ts"

export interface Changed {
  readonly issue: Issue
  /** What the command cleared: `dedup`, `backoff`, `parked`, `held`, `rejects`, or a label's name. */
  readonly cleared: ReadonlyArray<string>
}

/** Operator commands about an issue, by id or identifier. */
export class IssueCommands extends Context.Service<
  IssueCommands,
  {
    /** Returns what was cleared, as `Changed` does. */
    readonly removeFromDedup: (
      issue: string,
      by: Actor
    ) => Effect.Effect<ReadonlyArray<string>, IssueNotFound>
    /** Un-parks an issue, or releases one that an operator's cancel holds. */
    readonly unpark: (issue: string, by: Actor) => Effect.Effect<Changed, IssueNotFound | IssueConflict>
    /** Removes a stray run label and clears dedup, backoff, parking and a hold; gives up settlement steps that failed. A conflict while a dispatch has not ended. */
    readonly reset: (
      issue: string,
      by: Actor
    ) => Effect.Effect<Changed, IssueNotFound | IssueConflict | UpstreamError>
    /** Approves the plan that waits for a verdict. */
    readonly approve: (issue: string, by: Actor) => Effect.Effect<Changed, IssueNotFound | PlanConflict>
    /** Rejects the plan; the next planning run receives the reason. Five rejections in a row park the issue. */
    readonly reject: (
      issue: string,
      reason: string,
      by: Actor
    ) => Effect.Effect<Changed, IssueNotFound | PlanConflict>
    /** Dispatches now, bypassing dedup, backoff, parking and a hold. */
    readonly dispatch: (request: {
      readonly issue: string
      readonly phase?: Phase | undefined
      readonly by: Actor
    }) => Effect.Effect<Dispatch, IssueNotFound | NotAdmitted | UpstreamError>
    /** Repeats the phase of a settled dispatch that is its issue's latest. */
    readonly retry: (
      dispatchId: DispatchId,
      by: Actor
    ) => Effect.Effect<Dispatch, DispatchNotFound | DispatchConflict | NotAdmitted | UpstreamError>
    /** Dispatches another pass over the issue's pull request; clears nothing. */
    readonly again: (
      request: CommentedPass
    ) => Effect.Effect<Dispatch, IssueNotFound | NotAdmitted | UpstreamError>
  }
>()("ai-implement/dispatching/commands/IssueCommands") {
  static readonly layerNoDeps = Layer.effect(
    IssueCommands,
    Effect.gen(function* () {
      const issues = yield* Issues
      const plans = yield* PlanCommands

      const approve = Effect.fn("IssueCommands.approve")(function* (ref: string, by: Actor) {
        yield* plans.approve(yield* issues.get(ref), by)
        return { issue: yield* issues.get(ref), cleared: [] }
      })

      const reject = Effect.fn("IssueCommands.reject")(function* (ref: string, reason: string, by: Actor) {
        const cleared = yield* plans.reject(yield* issues.get(ref), reason, by)
        return { issue: yield* issues.get(ref), cleared }
      })

      return IssueCommands.of({ ...(yield* makeClear), approve, reject, ...(yield* makeDispatch) })
    })
  )
}
