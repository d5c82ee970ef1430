import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { IssueCommands } from "../commands/IssueCommands.ts"
import { singletonLoop } from "../../platform/loops.ts"
import { refusedJob } from "./claims.ts"
import { CommentPolicy } from "./policy.ts"
import { passes, refusedComment, refusedHead, withAsked } from "./rules.ts"
import { TriggersRepo, type OurPullRequest, type Trigger } from "./TriggersRepo.ts"
import { exponentialBackoff } from "../../domain/exponentialBackoff.ts"
import { askedIn } from "../../domain/Command.ts"
import { describeReason } from "../../domain/describeReason.ts"
import { RunnerCredentialsRepo } from "../dispatches/RunnerCredentialsRepo.ts"
import { PullRequestsRepo } from "../dispatches/PullRequestsRepo.ts"
import { Mappings } from "../../admin/Mappings.ts"
import { CodeHost } from "../../upstreams/CodeHost.ts"
import { InvalidToken } from "../callbacks/errors.ts"
import { JobTokens } from "../callbacks/JobTokens.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"

/** No team is mapped to the repository that a comment is of. */
export class NotMapped extends Schema.TaggedError<NotMapped>()("NotMapped", { message: Schema.String }) {}

/** What came of a comment, for now. */
type CommentResult =
  | { readonly _tag: "Done"; readonly detail: string }
  | { readonly _tag: "Refused"; readonly detail: string }
  | { readonly _tag: "Waits"; readonly detail: string }

const done = (dispatchId: string): CommentResult => ({ _tag: "Done", detail: `Dispatched: ${dispatchId}` })
const refused = (why: string): CommentResult => ({
  _tag: "Refused",
  detail: `A comment's /ai-implement was refused. ${why}`
})
const waits = (why: string): CommentResult => ({
  _tag: "Waits",
  detail: `A comment's /ai-implement waits: ${why}`
})

const states = { Done: "done", Refused: "refused", Waits: null } as const

/** Follows `/ai-implement` under our pull requests. A comment is read anew: what told of it is not believed. */
export class Comments extends Context.Service<
  Comments,
  {
    /** A job of the repository tells of a comment there; the token is used up by it. */
    readonly tell: (
      token: string | null,
      comment: { readonly number: number; readonly commentId: number }
    ) => Effect.Effect<void, InvalidToken | NotMapped | UpstreamError>
    /** Reads what is due, until nothing is. */
    readonly read: Effect.Effect<void>
  }
>()("ai-implement/dispatching/comments/Comments") {
  static readonly layerNoDeps = Layer.effect(
    Comments,
    Effect.gen(function* () {
      const triggers = yield* TriggersRepo
      const codeHost = yield* CodeHost
      const pullRequests = yield* PullRequestsRepo
      const candidates = yield* IssueCommands
      const policy = yield* CommentPolicy
      const tokens = yield* JobTokens
      const credentials = yield* RunnerCredentialsRepo
      const mappings = yield* Mappings

      const tell = Effect.fn("Comments.tell")(function* (
        token: string | null,
        { commentId, number }: { readonly number: number; readonly commentId: number }
      ) {
        if (token === null) return yield* new InvalidToken({ message: "The job's OIDC token is needed." })
        const claims = yield* tokens.verify(token)
        const why = refusedJob(claims)
        if (why !== null) return yield* new InvalidToken({ message: why })
        const mapping = (yield* mappings.list).find(
          ({ owner, repo }) => `${owner}/${repo}`.toLowerCase() === claims.repository.toLowerCase()
        )
        if (mapping === undefined) {
          return yield* new NotMapped({ message: `No team is mapped to ${claims.repository}.` })
        }
        const { owner, repo } = mapping
        if (claims.repository_id !== String(yield* codeHost.id({ owner, repo }))) {
          return yield* new InvalidToken({
            message: `The token is of another repository that had the name ${claims.repository}.`
          })
        }
        if (!(yield* credentials.useOnce(claims.jti, DateTime.makeUnsafe(claims.exp * 1000)))) {
          return yield* new InvalidToken({ message: "The job's token was used before." })
        }
        yield* triggers.add({ owner, repo, prNumber: number, commentId })
      })

      /** Reads the comment, its author's permission and the pull request as they are now, then asks for admission. */
      const follow = Effect.fnUntraced(function* (
        { commentId: id, prNumber: number }: Trigger,
        { issueId, mapped, owner, repo, state, teamKey }: OurPullRequest
      ) {
        const earlier = yield* triggers.dispatched(id)
        if (earlier !== null) return done(earlier)
        if (!mapped) return refused(`The team ${teamKey} is not mapped to ${owner}/${repo} any more.`)
        const where = { owner, repo }
        const comment = yield* codeHost.comment({ ...where, id })
        const why = refusedComment(comment, number)
        if (comment === null || comment.author === null || why !== null) return refused(why ?? "")
        const { author: login, body } = comment
        if (!(yield* codeHost.mayWrite({ ...where, login }))) {
          return refused(`${login} may not write to ${owner}/${repo}.`)
        }
        const head = yield* codeHost.head({ ...where, number })
        const closed = refusedHead(head)
        if (closed !== null) return refused(closed)
        if (state !== "open") yield* pullRequests.reopened({ ...where, number })
        const dispatch = yield* candidates.again({
          issueId,
          by: login,
          comment: { ...where, id, number },
          describe: (description) => withAsked(description, { asked: askedIn(body) ?? "", by: login, number })
        })
        return done(dispatch.id)
      })

      const hear = Effect.fnUntraced(function* (
        trigger: Trigger,
        ours: OurPullRequest | null,
        now: DateTime.Utc
      ) {
        if (DateTime.isGreaterThan(now, DateTime.addDuration(trigger.receivedAt, policy.giveUpAfter))) {
          return refused(trigger.detail ?? "It waited too long.")
        }
        if (ours === null) {
          return (yield* triggers.mayBeOurs(trigger))
            ? waits(`pull request #${trigger.prNumber} is not known yet.`)
            : refused(`Pull request #${trigger.prNumber} is not one of ours.`)
        }
        return yield* follow(trigger, ours)
      })

      const heard = Effect.fnUntraced(function* (
        trigger: Trigger,
        ours: OurPullRequest | null,
        now: DateTime.Utc
      ) {
        return yield* hear(trigger, ours, now).pipe(
          Effect.catchTags({
            NotAdmitted: ({ reason }) =>
              Effect.succeed(
                (passes(reason) ? waits : refused)(`Its issue is not dispatched: ${describeReason(reason)}.`)
              ),
            IssueNotFound: ({ message }) => Effect.succeed(refused(message)),
            UpstreamError: ({ message, reason }) =>
              Effect.succeed(
                (reason._tag === "Rejected" || reason._tag === "NotFound" ? refused : waits)(message)
              )
          })
        )
      })

      const pause = (attempts: number) => exponentialBackoff(policy.retryBase, attempts - 1, policy.retryMax)

      const next = Effect.gen(function* () {
        const now = yield* DateTime.now
        const trigger = yield* triggers.take((attempts) => DateTime.addDuration(now, pause(attempts)))
        if (trigger === null) return false
        const ours = yield* triggers.pullRequest(trigger)
        const { _tag, detail } = yield* heard(trigger, ours, now)
        yield* triggers.conclude(trigger, states[_tag], detail, ours?.dispatchId ?? null)
        if (_tag !== "Waits") yield* Effect.logInfo(detail)
        return true
      })

      const read = Effect.repeat(next, { while: (more) => more }).pipe(
        Effect.asVoid,
        Effect.withSpan("Comments.read")
      )

      return Comments.of({ tell, read })
    })
  )

  static readonly layer = this.layerNoDeps.pipe(Layer.provide(JobTokens.layer))
}

/** One replica reads. */
export const reading = Layer.unwrap(
  Effect.gen(function* () {
    const { read } = yield* Comments
    const { interval } = yield* CommentPolicy
    return singletonLoop("comments", "Reading comments", read, interval)
  })
)
