import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { IssueCommands } from "../commands/IssueCommands.ts"
import { singletonLoop } from "../../platform/loops.ts"
import { refusedJob } from "./claims.ts"
import { CommentPolicy } from "./policy.ts"
import { passes, refusedHead, requestIn, withRequest } from "./rules.ts"
import { TriggersRepo, type OurPullRequest, type Trigger } from "./TriggersRepo.ts"
import { decideRetry, retryWait } from "../../domain/retry.ts"
import { describeReason } from "../../domain/describeReason.ts"
import { RunnerCredentialsRepo } from "../dispatches/RunnerCredentialsRepo.ts"
import { PullRequestsRepo } from "../dispatches/PullRequestsRepo.ts"
import { Mappings } from "../../admin/Mappings.ts"
import { CodeHost, sameRepositoryName } from "../../upstreams/CodeHost.ts"
import { InvalidToken } from "../callbacks/errors.ts"
import { JobTokens } from "../callbacks/JobTokens.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"
import type { DispatchId } from "../../domain/Ids.ts"

/** No team is mapped to the comment's repository. */
export class NotMapped extends Schema.TaggedError<NotMapped>()("NotMapped", { message: Schema.String }) {}

type CommentResult =
  | { readonly _tag: "Done"; readonly detail: string }
  | { readonly _tag: "Refused"; readonly detail: string }
  | { readonly _tag: "Waits"; readonly detail: string }

const done = (dispatchId: DispatchId): CommentResult => ({
  _tag: "Done",
  detail: `Dispatched: ${dispatchId}`
})
const refused = (why: string): CommentResult => ({
  _tag: "Refused",
  detail: `/ai-implement in a comment was refused: ${why}`
})
const waits = (why: string): CommentResult => ({
  _tag: "Waits",
  detail: `/ai-implement in a comment waits: ${why}`
})

const states = { Done: "done", Refused: "refused", Waits: null } as const

/** Follows `/ai-implement` on our pull requests. Re-fetches each comment; reports and webhook payloads are untrusted. */
export class Comments extends Context.Service<
  Comments,
  {
    /** Stores a comment that a job of its repository reports. The token is valid once. */
    readonly report: (
      token: string | null,
      comment: { readonly number: number; readonly commentId: number }
    ) => Effect.Effect<void, InvalidToken | NotMapped | UpstreamError>
    /** Follows due comments until none is due. */
    readonly followDue: Effect.Effect<void>
  }
>()("ai-implement/dispatching/comments/Comments") {
  static readonly layerNoDeps = Layer.effect(
    Comments,
    Effect.gen(function* () {
      const triggers = yield* TriggersRepo
      const codeHost = yield* CodeHost
      const pullRequests = yield* PullRequestsRepo
      const issues = yield* IssueCommands
      const policy = yield* CommentPolicy
      const tokens = yield* JobTokens
      const credentials = yield* RunnerCredentialsRepo
      const mappings = yield* Mappings

      const report = Effect.fn("Comments.report")(function* (
        token: string | null,
        { commentId, number }: { readonly number: number; readonly commentId: number }
      ) {
        if (token === null) return yield* new InvalidToken({ message: "The job's OIDC token is missing." })
        const claims = yield* tokens.verify(token)
        const why = refusedJob(claims)
        if (why !== null) return yield* new InvalidToken({ message: why })
        const mapping = (yield* mappings.list).find(({ owner, repo }) =>
          sameRepositoryName(`${owner}/${repo}`, claims.repository)
        )
        if (mapping === undefined) {
          return yield* new NotMapped({ message: `No team is mapped to ${claims.repository}.` })
        }
        const { owner, repo } = mapping
        if (claims.repository_id !== String(yield* codeHost.id({ owner, repo }))) {
          return yield* new InvalidToken({
            message: `The token belongs to another repository that had the name ${claims.repository}.`
          })
        }
        if (!(yield* credentials.useOnce(claims.jti, DateTime.makeUnsafe(claims.exp * 1000)))) {
          return yield* new InvalidToken({ message: "The job's token was used before." })
        }
        yield* triggers.add({ owner, repo, prNumber: number, commentId })
      })

      const follow = Effect.fnUntraced(function* (
        { commentId: id, prNumber: number }: Trigger,
        { issueId, mapped, owner, repo, state, teamKey }: OurPullRequest
      ) {
        const earlier = yield* triggers.dispatched(id)
        if (earlier !== null) return done(earlier)
        if (!mapped) return refused(`The team ${teamKey} is no longer mapped to ${owner}/${repo}.`)
        const where = { owner, repo }
        const request = requestIn(yield* codeHost.comment({ ...where, id }), number)
        if (request._tag === "Refused") return refused(request.why)
        const { author: login, text: asked } = request
        if (!(yield* codeHost.mayWrite({ ...where, login }))) {
          return refused(`${login} may not write to ${owner}/${repo}.`)
        }
        const head = yield* codeHost.head({ ...where, number })
        const closed = refusedHead(head)
        if (closed !== null) return refused(closed)
        if (state !== "open") yield* pullRequests.reopened({ ...where, number })
        const dispatch = yield* issues.again({
          issueId,
          by: login,
          comment: { ...where, id, number },
          describe: (description) => withRequest(description, { asked, by: login, number })
        })
        return done(dispatch.id)
      })

      const decide = Effect.fnUntraced(function* (
        trigger: Trigger,
        ours: OurPullRequest | null,
        now: DateTime.Utc
      ) {
        const failed = { attempts: trigger.attempts - 1, firstAt: trigger.receivedAt, now }
        if (decideRetry(policy, failed)._tag === "GiveUp") {
          return refused(trigger.detail ?? "The comment was not followed in time.")
        }
        if (ours === null) {
          return (yield* triggers.mayBeOurs(trigger))
            ? waits(`pull request #${trigger.prNumber} is not recorded yet.`)
            : refused(`Pull request #${trigger.prNumber} does not belong to a dispatch.`)
        }
        return yield* follow(trigger, ours)
      })

      const resultOf = Effect.fnUntraced(function* (
        trigger: Trigger,
        ours: OurPullRequest | null,
        now: DateTime.Utc
      ) {
        return yield* decide(trigger, ours, now).pipe(
          Effect.catchTags({
            NotAdmitted: ({ reason }) =>
              Effect.succeed(
                (passes(reason) ? waits : refused)(`Its issue is not dispatched: ${describeReason(reason)}.`)
              ),
            IssueNotFound: ({ message }) => Effect.succeed(refused(message)),
            UpstreamError: ({ message, reason }) =>
              reason._tag === "Rejected" || reason._tag === "NotFound"
                ? Effect.succeed(refused(message))
                : Effect.as(
                    Effect.logWarning(`/ai-implement in a comment will be retried: ${message}`),
                    waits(message)
                  )
          })
        )
      })

      const next = Effect.gen(function* () {
        const now = yield* DateTime.now
        const trigger = yield* triggers.take((attempts) =>
          DateTime.addDuration(now, retryWait(policy, attempts))
        )
        if (trigger === null) return false
        const ours = yield* triggers.pullRequest(trigger)
        const { _tag, detail } = yield* resultOf(trigger, ours, now)
        yield* triggers.conclude(trigger, states[_tag], detail, ours?.dispatchId ?? null)
        if (_tag !== "Waits") yield* Effect.logInfo(detail)
        return true
      })

      const followDue = Effect.repeat(next, { while: (more) => more }).pipe(
        Effect.asVoid,
        Effect.withSpan("Comments.followDue")
      )

      return Comments.of({ report, followDue })
    })
  )

  static readonly layer = this.layerNoDeps.pipe(Layer.provide(JobTokens.layer))
}

export const following = Layer.unwrap(
  Effect.gen(function* () {
    const { followDue } = yield* Comments
    const { interval } = yield* CommentPolicy
    return singletonLoop("comments", "Following comments", followDue, interval)
  })
)
