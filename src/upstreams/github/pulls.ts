import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { UpstreamText, UpstreamInt, UpstreamTime } from "../client/upstreamText.ts"
import type { PullRequest } from "../../domain/Dispatch.ts"
import type { Repository } from "../CodeHost.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import type { Client } from "./Client.ts"

const Pull = Schema.Struct({
  number: UpstreamInt,
  html_url: UpstreamText,
  state: UpstreamText,
  draft: Schema.optionalKey(Schema.NullOr(Schema.Boolean)),
  title: UpstreamText,
  created_at: UpstreamTime,
  merged_at: Schema.NullOr(UpstreamTime),
  head: Schema.Struct({ ref: UpstreamText, repo: Schema.NullOr(Schema.Struct({ id: Schema.Int })) }),
  base: Schema.Struct({ repo: Schema.Struct({ id: Schema.Int }) })
})
type Pull = typeof Pull.Type

/** GitHub's clock is not ours. */
const tolerance = { minutes: 1 }

const toPullRequest = (pull: Pull): PullRequest => ({
  number: pull.number,
  url: pull.html_url,
  state: pull.merged_at !== null ? "merged" : pull.state === "open" ? "open" : "closed",
  draft: pull.draft ?? false
})

const named = (pull: Pull) => ({ ...toPullRequest(pull), branch: pull.head.ref })

const beginsWith = (text: string, identifier: string) => {
  const start = text.slice(0, identifier.length)
  return start.toLowerCase() === identifier.toLowerCase() && !/^[0-9a-z]/i.test(text.slice(identifier.length))
}

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
        Effect.catchIf(
          ({ reason }) => reason._tag === "NotFound",
          () => Effect.succeed([])
        )
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
    const since = DateTime.subtract(query.since, tolerance)
    const [told] = number === null ? [] : yield* one("pullRequest", { owner, repo }, number)
    if (
      told !== undefined &&
      (told.head.ref === branch || DateTime.isGreaterThanOrEqualTo(told.created_at, since))
    ) {
      return named(told)
    }
    const own = yield* list("pullRequest", query, { head: `${owner}:${branch}`, state: "all" })
    const best = own.find(({ state }) => state === "open") ?? own[0]
    if (best !== undefined) return named(best)
    const newest = yield* list("pullRequest", query, { state: "all" })
    const found = newest.find(
      (pull) =>
        DateTime.isGreaterThanOrEqualTo(pull.created_at, since) &&
        (beginsWith(pull.head.ref, issueIdentifier) || beginsWith(pull.title, issueIdentifier))
    )
    return found === undefined ? null : named(found)
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
    (PullRequest & { readonly branch: string; readonly fork: boolean }) | null,
    UpstreamError
  > {
    const [pull] = yield* one("head", { owner, repo }, number)
    if (pull === undefined) return null
    return { ...named(pull), fork: pull.head.repo?.id !== pull.base.repo.id }
  })

  return { pullRequest, pullRequests, head }
}
