import { LinearError, LinearGraphQLClient } from "@linear/sdk"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { make } from "../../src/sandbox/Linear.ts"
import { automationUserId, workspace } from "../../src/sandbox/linear/workspace.ts"

export const apiKey = "lin_api_test"

class Refused extends Data.TaggedError("Refused")<{ readonly error: LinearError }> {}

export const start = Effect.fnUntraced(function* () {
  const linear = yield* make({ apiKeys: [{ key: apiKey, userId: automationUserId }], seed: workspace })
  const raw = (query: string, variables: Record<string, unknown> = {}, authorization = apiKey) =>
    Effect.tryPromise({
      try: (signal) =>
        new LinearGraphQLClient(linear.url, {
          headers: { Authorization: authorization },
          signal
        }).rawRequest<unknown, Record<string, unknown>>(query, variables),
      catch: (cause) =>
        new Refused({
          error: cause instanceof LinearError ? cause : new LinearError({ message: String(cause) })
        })
    })
  const ask =
    <S extends Schema.ConstraintDecoder<unknown>>(data: S) =>
    (query: string, variables?: Record<string, unknown>) =>
      raw(query, variables).pipe(
        Effect.flatMap((answer) => Effect.orDie(Schema.decodeUnknownEffect(data)(answer.data)))
      )
  const refusal = (query: string, variables?: Record<string, unknown>, authorization?: string) =>
    Effect.map(Effect.flip(raw(query, variables, authorization)), ({ error }) => error)
  return { ...linear, raw, ask, refusal }
})

export const Nodes = <S extends Schema.Constraint>(node: S) => Schema.Struct({ nodes: Schema.Array(node) })

export const Identified = Schema.Struct({ identifier: Schema.String })
