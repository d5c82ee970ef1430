import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { UpstreamInt, UpstreamText, UpstreamTime, UpstreamUrl } from "../client/upstreamText.ts"
import type { PullRequest } from "../../domain/Dispatch.ts"
import type { PullRequestComment, Repository } from "../CodeHost.ts"
import { isNotFound, type UpstreamError } from "../UpstreamError.ts"
import type { Client } from "./Client.ts"
import { choosePull, isOfRepository } from "./choosePull.ts"
import { clockTolerance } from "./clock.ts"

const Pull = Schema.Struct({
  number: UpstreamInt,
  html_url: UpstreamUrl,
  state: UpstreamText,
  draft: Schema.optionalKey(Schema.NullOr(Schema.Boolean)),
  title: UpstreamText,
  body: Schema.optionalKey(Schema.NullOr(UpstreamText)),
  user: Schema.optionalKey(Schema.NullOr(Schema.Struct({ type: UpstreamText }))),
  created_at: UpstreamTime,
  merged_at: Schema.NullOr(UpstreamTime),
  head: Schema.Struct({
    ref: UpstreamText,
    sha: UpstreamText,
    repo: Schema.NullOr(Schema.Struct({ id: Schema.Int }))
  }),
  base: Schema.Struct({ repo: Schema.Struct({ id: Schema.Int }) })
})
type Pull = typeof Pull.Type

const Comment = Schema.Struct({
  body: Schema.optionalKey(UpstreamText),
  issue_url: UpstreamText,
  user: Schema.NullOr(Schema.Struct({ login: UpstreamText })),
  created_at: UpstreamTime,
  updated_at: UpstreamTime
})

// GitHub itself may write a comment again shortly after a person wrote it.
const maxTouchMillis = 5000

const toComment = ({ body = "", created_at, issue_url, updated_at, user }: typeof Comment.Type) => ({
  body,
  author: user?.login ?? null,
  edited: updated_at.epochMilliseconds - created_at.epochMilliseconds > maxTouchMillis,
  number: Number(/\/issues\/(\d+)$/.exec(issue_url)?.[1] ?? 0)
})

const Permission = Schema.Struct({ permission: UpstreamText })

const writing = new Set(["admin", "maintain", "write"])

const toPullRequest = (pull: Pull): PullRequest => ({
  number: pull.number,
  url: pull.html_url,
  state: pull.merged_at !== null ? "merged" : pull.state === "open" ? "open" : "closed",
  draft: pull.draft ?? false
})

const named = (pull: Pull) => ({ ...toPullRequest(pull), branch: pull.head.ref })

export const makePulls = (client: Client["Service"]) => {
  const list = (
    name: string,
    { owner, repo }: Repository,
    parameters: Readonly<Record<string, unknown>>
  ): Effect.Effect<ReadonlyArray<Pull>, UpstreamError> =>
    client.ask({
      name,
      to: `list the pull requests of ${owner}/${repo}`,
      operation: "pulls/list",
      repository: { owner, repo },
      parameters: { ...parameters, sort: "created", direction: "desc", per_page: 100 },
      body: Schema.Array(Pull)
    })

  const one = (name: string, repository: Repository, number: number) =>
    client
      .ask({
        name,
        to: `read the pull request ${number} of ${repository.owner}/${repository.repo}`,
        operation: "pulls/get",
        repository,
        parameters: { pull_number: number },
        body: Pull
      })
      .pipe(
        Effect.map((pull): ReadonlyArray<Pull> => [pull]),
        Effect.catchIf(isNotFound, () => Effect.succeed([]))
      )

  const pullRequest = Effect.fn("GitHub.pullRequest")(function* (
    query: Repository & {
      readonly branch: string
      readonly issueIdentifier: string
      readonly since: DateTime.Utc
      readonly number?: number | null
    }
  ): Effect.fn.Return<(PullRequest & { readonly branch: string }) | null, UpstreamError> {
    const { owner, repo, branch, issueIdentifier, number = null } = query
    const since = DateTime.subtractDuration(query.since, clockTolerance.pullRequests)
    const [reported] = number === null ? [] : yield* one("pullRequest", { owner, repo }, number)
    // Of the time before the run only an open one of its branch counts: the run continued it.
    const isNew = ({ created_at }: Pull) => DateTime.isGreaterThanOrEqualTo(created_at, since)
    const counts = (pull: Pull) =>
      isOfRepository(pull) && (isNew(pull) || (pull.head.ref === branch && pull.state === "open"))
    if (reported !== undefined && counts(reported)) return named(reported)
    const listed = yield* list("pullRequest", query, { head: `${owner}:${branch}`, state: "all" })
    const own = listed.filter(counts)
    const best = own.find(({ state }) => state === "open") ?? own[0]
    if (best !== undefined) return named(best)
    const newest = yield* list("pullRequest", query, { state: "all" })
    const found = choosePull(newest.filter(isNew), issueIdentifier)
    return found === null ? null : named(found)
  })

  const pullRequests = Effect.fn("GitHub.pullRequests")(function* (
    query: Repository & { readonly numbers: ReadonlyArray<number> }
  ): Effect.fn.Return<ReadonlyArray<PullRequest>, UpstreamError> {
    const { owner, repo, numbers } = query
    if (numbers.length === 0) return []
    const open = yield* list("pullRequests", query, { state: "open" })
    const left = numbers.filter((number) => !open.some((pull) => pull.number === number))
    const others = yield* Effect.forEach(left, (number) => one("pullRequests", { owner, repo }, number), {
      concurrency: 10
    })
    return [...open.filter(({ number }) => numbers.includes(number)), ...others.flat()].map(toPullRequest)
  })

  const head = Effect.fn("GitHub.head")(function* ({
    number,
    owner,
    repo
  }: Repository & { readonly number: number }): Effect.fn.Return<
    (PullRequest & { readonly branch: string; readonly sha: string; readonly fork: boolean }) | null,
    UpstreamError
  > {
    const [pull] = yield* one("head", { owner, repo }, number)
    if (pull === undefined) return null
    return { ...named(pull), sha: pull.head.sha, fork: !isOfRepository(pull) }
  })

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
      .pipe(
        Effect.map(toComment),
        Effect.catchIf(isNotFound, () => Effect.succeed(null))
      )
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
        Effect.catchIf(isNotFound, () => Effect.succeed(false))
      )
  })

  return { pullRequest, pullRequests, head, comment, mayWrite }
}
