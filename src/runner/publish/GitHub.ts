import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Schedule from "effect/Schedule"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

export class GitHubFailed extends Data.TaggedError("GitHubFailed")<{
  readonly status: number | null
  readonly message: string
}> {}

const Pull = Schema.Struct({
  number: Schema.Int,
  html_url: Schema.String,
  draft: Schema.optional(Schema.Boolean),
  body: Schema.NullOr(Schema.String),
  title: Schema.String
})
export type Pull = typeof Pull.Type

const Refusal = Schema.Struct({
  message: Schema.String,
  errors: Schema.optional(Schema.Unknown)
})
const decodeRefusal = HttpClientResponse.schemaBodyJson(Refusal)

export interface NewPull {
  readonly branch: string
  readonly base: string
  readonly title: string
  readonly body: string
  readonly draft: boolean
}

const isTransient = ({ status }: GitHubFailed) => status === null || status >= 500 || status === 429

const retrying = {
  schedule: Schedule.exponential("1 second"),
  times: 4,
  while: isTransient
}

/** The pull requests of one repository, by a token narrowed to it. */
export const makeGitHub = (
  client: HttpClient.HttpClient,
  { apiUrl, repo, token }: { readonly apiUrl: string; readonly repo: string; readonly token: string }
) => {
  const send = Effect.fnUntraced(function* (request: HttpClientRequest.HttpClientRequest) {
    const response = yield* client
      .execute(
        request.pipe(
          HttpClientRequest.prependUrl(`${apiUrl}/repos/${repo}`),
          HttpClientRequest.bearerToken(token),
          HttpClientRequest.setHeaders({
            accept: "application/vnd.github+json",
            "user-agent": "ai-implement-runner",
            "x-github-api-version": "2022-11-28"
          })
        )
      )
      .pipe(
        Effect.timeout("30 seconds"),
        Effect.mapError(() => new GitHubFailed({ status: null, message: "GitHub does not answer." }))
      )
    if (response.status < 300) return response
    const said = yield* decodeRefusal(response).pipe(Effect.orElseSucceed(() => null))
    const details = said?.errors === undefined ? "" : ` ${JSON.stringify(said.errors).slice(0, 300)}`
    return yield* new GitHubFailed({
      status: response.status,
      message: `GitHub answers ${response.status}: ${said?.message ?? "no reason"}${details}`
    })
  })

  const decoded = <A>(schema: Schema.ConstraintDecoder<A>, response: HttpClientResponse.HttpClientResponse) =>
    HttpClientResponse.schemaBodyJson(schema)(response).pipe(
      Effect.mapError(
        () => new GitHubFailed({ status: response.status, message: "GitHub's answer cannot be read." })
      )
    )

  const find = (branch: string) =>
    send(
      HttpClientRequest.get("/pulls", {
        urlParams: { head: `${repo.split("/")[0] ?? ""}:${branch}`, state: "open" }
      })
    ).pipe(
      Effect.flatMap((response) => decoded(Schema.Array(Pull), response)),
      Effect.map(([first]) => first ?? null),
      Effect.retry(retrying)
    )

  const post = ({ base, body, branch, draft, title }: NewPull) =>
    send(
      HttpClientRequest.post("/pulls").pipe(
        HttpClientRequest.bodyJsonUnsafe({ title, body, head: branch, base, draft })
      )
    ).pipe(Effect.flatMap((response) => decoded(Pull, response)))

  return {
    find,
    get: (number: number) =>
      send(HttpClientRequest.get(`/pulls/${number}`)).pipe(
        Effect.flatMap((response) => decoded(Pull, response)),
        Effect.retry(retrying)
      ),
    /** Looks for the pull request before it repeats a call without an answer. */
    create: (pull: NewPull): Effect.Effect<Pull, GitHubFailed> =>
      post(pull).pipe(
        Effect.catchIf(isTransient, () =>
          Effect.filterOrElse(find(pull.branch), Predicate.isNotNull, () => post(pull))
        ),
        // Some plans have no drafts in private repositories.
        Effect.catchIf(
          ({ message, status }) => pull.draft && status === 422 && /draft/i.test(message),
          () => post({ ...pull, draft: false })
        )
      ),
    update: (number: number, body: string) =>
      send(HttpClientRequest.patch(`/pulls/${number}`).pipe(HttpClientRequest.bodyJsonUnsafe({ body }))).pipe(
        Effect.flatMap((response) => decoded(Pull, response)),
        Effect.retry(retrying)
      )
  }
}
