import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import { AppConfig } from "../../platform/Config.ts"
import { reveal } from "../../platform/Config/environment.ts"
import type { UpstreamCall } from "../client/errors.ts"
import { makeUpstream } from "../client/upstream.ts"
import type { Upstreams } from "../health/Upstreams.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import { budgetsOf } from "./budgets.ts"
import { errors, type LinearAnswer, refusal } from "./errors.ts"

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

// Loaded by the first query, because it takes 35 MB; the time to load it is not the query's.
const loadSdk = Effect.promise(() => import("@linear/sdk"))
type Sdk = Effect.Success<typeof loadSdk>

export const makeAsk = Effect.gen(function* (): Effect.gen.Return<Ask, never, AppConfig | Upstreams> {
  const config = yield* AppConfig
  const limiter = yield* Semaphore.make(maxConcurrent)
  const url = config.LINEAR_API_URL
  const key = reveal(config.LINEAR_API_KEY)?.trim()
  const upstream = yield* makeUpstream({
    errors,
    url,
    refusal,
    budgets: ({ headers }: LinearAnswer) => budgetsOf(headers)
  })

  const send = (
    { LinearError, LinearGraphQLClient }: Sdk,
    authorization: string,
    { document, variables }: Query<Schema.ConstraintDecoder<unknown>>
  ) => {
    const answerOf = (
      status: number,
      headers: Headers | undefined,
      data: unknown,
      error: LinearAnswer["error"]
    ) => ({ status, headers: Object.fromEntries(headers ?? []), data, error })
    return Effect.tryPromise({
      try: async (signal) => {
        const client = new LinearGraphQLClient(url, { headers: { authorization }, signal })
        try {
          const { data, headers } = await client.rawRequest<unknown, Record<string, unknown>>(
            document,
            variables
          )
          return answerOf(200, headers, data, null)
        } catch (cause) {
          if (!(cause instanceof LinearError)) throw cause
          return answerOf(cause.status ?? 0, cause.raw?.response?.headers, null, cause)
        }
      },
      catch: (cause) => ({ cause })
    })
  }

  return (query) =>
    key === undefined || key === ""
      ? Effect.fail(errors.notConfigured(query.name, ["LINEAR_API_KEY"]))
      : loadSdk.pipe(
          Effect.flatMap((sdk) => upstream.ask({ ...query, send: send(sdk, key, query) })),
          Effect.map(({ body }) => body),
          limiter.withPermit
        )
})
