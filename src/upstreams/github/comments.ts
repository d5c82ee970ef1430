import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { UpstreamText, UpstreamTime } from "../client/upstreamText.ts"
import type { PullRequestComment, Repository } from "../CodeHost.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import type { Client } from "./Client.ts"

const Comment = Schema.Struct({
  body: Schema.optionalKey(UpstreamText),
  issue_url: UpstreamText,
  user: Schema.NullOr(Schema.Struct({ login: UpstreamText })),
  created_at: UpstreamTime,
  updated_at: UpstreamTime
})

const toComment = ({ body = "", created_at, issue_url, updated_at, user }: typeof Comment.Type) => ({
  body,
  author: user?.login ?? null,
  edited: updated_at.epochMilliseconds !== created_at.epochMilliseconds,
  number: Number(/\/issues\/(\d+)$/.exec(issue_url)?.[1] ?? 0)
})

const Permission = Schema.Struct({ permission: UpstreamText })

const writing = new Set(["admin", "maintain", "write"])

const orAbsent =
  <B>(value: B) =>
  <A>(self: Effect.Effect<A, UpstreamError>) =>
    Effect.catchIf(
      self,
      ({ reason }) => reason._tag === "NotFound",
      () => Effect.succeed(value)
    )

export const makeComments = (client: Client["Service"]) => {
  const comment = Effect.fn("GitHub.comment")(function* ({
    id,
    owner,
    repo
  }: Repository & { readonly id: number }): Effect.fn.Return<PullRequestComment | null, UpstreamError> {
    return yield* client
      .ask({
        name: "comment",
        to: `read the comment ${id} in ${owner}/${repo}`,
        operation: "issues/get-comment",
        repository: { owner, repo },
        parameters: { comment_id: id },
        body: Comment
      })
      .pipe(Effect.map(toComment), orAbsent(null))
  })

  const mayWrite = Effect.fn("GitHub.mayWrite")(function* ({
    login,
    owner,
    repo
  }: Repository & { readonly login: string }): Effect.fn.Return<boolean, UpstreamError> {
    return yield* client
      .ask({
        name: "mayWrite",
        to: `say what ${login} may do in ${owner}/${repo}`,
        operation: "repos/get-collaborator-permission-level",
        repository: { owner, repo },
        parameters: { username: login },
        body: Permission
      })
      .pipe(
        Effect.map(({ permission }) => writing.has(permission)),
        orAbsent(false)
      )
  })

  return { comment, mayWrite }
}
