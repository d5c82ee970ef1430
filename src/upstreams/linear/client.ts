import type { LinearGraphQLErrorRaw } from "@linear/sdk"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import { AppConfig } from "../../platform/Config.ts"
import { reveal } from "../../platform/Config/environment.ts"
import { makeFetch } from "../client/answers.ts"
import type { UpstreamCall } from "../client/errors.ts"
import { type Limited, nextLimited } from "../client/limits.ts"
import { makeUpstream } from "../client/upstream.ts"
import type { Upstreams } from "../health/Upstreams.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import { budgetsOf } from "./budgets.ts"
import { errors, isRateLimited, type LinearAnswer, maxWait, refusal } from "./errors.ts"

export interface Query<S extends Schema.ConstraintDecoder<unknown>> extends UpstreamCall {
  readonly document: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly body: S
}

/** Sends one whole document, decodes the answer, and repeats what is safe to repeat. */
export type Ask = <S extends Schema.ConstraintDecoder<unknown>>(
  query: Query<S>
) => Effect.Effect<S["Type"], UpstreamError>

const maxConcurrent = 8

const isErrors = (value: unknown): value is Array<LinearGraphQLErrorRaw> => Array.isArray(value)

const resultOf = async (
  response: Response
): Promise<{ readonly data?: unknown; readonly errors?: unknown }> => {
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true
  const result: unknown = isJson ? await response.json() : null
  return Predicate.isObject(result) ? result : {}
}

// Loaded by the first query, because it takes 35 MB; the time to load it is not the query's.
const loadSdk = Effect.promise(() => import("@linear/sdk"))
type Sdk = Effect.Success<typeof loadSdk>

export const makeAsk = Effect.gen(function* (): Effect.gen.Return<Ask, never, AppConfig | Upstreams> {
  const config = yield* AppConfig
  const limiter = yield* Semaphore.make(maxConcurrent)
  const url = config.LINEAR_API_URL
  const key = reveal(config.LINEAR_API_KEY)?.trim()
  let limited: Limited | null = null
  const upstream = yield* makeUpstream({
    errors,
    url,
    refusal: (call: UpstreamCall, answer: LinearAnswer, now) => {
      limited = nextLimited(limited, isRateLimited(answer), now, maxWait)
      return refusal(call, answer, limited ?? { waits: 1, since: now })
    },
    budgets: ({ headers }: LinearAnswer) => budgetsOf(headers)
  })

  const fetch = makeFetch(yield* FetchHttpClient.Fetch, { url, redirects: "origin" })

  const send = (
    { parseLinearError }: Sdk,
    authorization: string,
    { document, variables }: Query<Schema.ConstraintDecoder<unknown>>
  ) =>
    Effect.tryPromise({
      try: async (signal): Promise<LinearAnswer> => {
        const response = await fetch(url, {
          method: "POST",
          headers: { authorization, "content-type": "application/json", "user-agent": "ai-implement" },
          body: JSON.stringify({ query: document, variables }),
          signal
        })
        const { status } = response
        const { data, errors } = await resultOf(response)
        const answer = { status, headers: Object.fromEntries(response.headers) }
        if (response.ok && Predicate.isObject(data) && errors == null) return { ...answer, data, error: null }
        const known = isErrors(errors) ? { errors } : {}
        const raw = { message: known.errors?.[0]?.message ?? "", response: { status, data, ...known } }
        return { ...answer, data: null, error: parseLinearError(raw) }
      },
      catch: (cause) => ({ cause })
    })

  return (query) =>
    key === undefined || key === ""
      ? Effect.fail(errors.notConfigured(query.name, ["LINEAR_API_KEY"]))
      : loadSdk.pipe(
          Effect.flatMap((sdk) => upstream.ask({ ...query, send: send(sdk, key, query) })),
          Effect.map(({ body }) => body),
          limiter.withPermit
        )
})
