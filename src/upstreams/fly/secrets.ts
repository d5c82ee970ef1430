import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { UpstreamError } from "../UpstreamError.ts"
import { isGone } from "./errors.ts"
import { absentApp } from "./machines.ts"
import { timeIn, UpstreamText } from "../client/upstreamText.ts"
import type { Transport } from "./transport.ts"

const Secret = Schema.Struct({
  name: UpstreamText,
  digest: Schema.optionalKey(UpstreamText),
  created_at: Schema.optionalKey(Schema.String),
  updated_at: Schema.optionalKey(Schema.String)
})

const Listed = Schema.Struct({ secrets: Schema.optionalKey(Schema.NullOr(Schema.Array(Secret))) })
const Versioned = Schema.Struct({ version: Schema.Int })

export const makeSecrets = ({ ask }: Transport) => ({
  list: Effect.fn("Fly.secrets.list")(function* (app: string) {
    const { secrets } = yield* ask({
      name: "secrets.list",
      to: `list the secrets of ${app}`,
      absent: absentApp(app),
      operation: "Secrets_list",
      path: { app_name: app },
      body: Listed
    })
    return (secrets ?? []).map(({ created_at, digest = null, name, updated_at }) => ({
      name,
      digest,
      createdAt: timeIn(created_at),
      updatedAt: timeIn(updated_at)
    }))
  }),

  set: Effect.fn("Fly.secrets.set")(function* (
    app: string,
    values: Readonly<Record<string, Redacted.Redacted<string>>>
  ) {
    const plain = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, Redacted.value(value)])
    )
    const { version } = yield* ask({
      name: "secrets.set",
      to: `set ${Object.keys(values).join(", ")} in ${app}`,
      absent: absentApp(app),
      unanswered: "Whether it was set is not known; set it again.",
      given: Object.values(plain),
      operation: "Secrets_update",
      path: { app_name: app },
      payload: { values: plain },
      body: Versioned
    })
    return version
  }),

  delete: Effect.fn("Fly.secrets.delete")(function* (
    app: string,
    name: string
  ): Effect.fn.Return<void, UpstreamError> {
    yield* ask({
      name: "secrets.delete",
      to: `delete the secret ${name} of ${app}`,
      operation: "Secret_delete",
      path: { app_name: app, secret_name: name },
      body: Schema.Unknown,
      also: isGone
    })
  })
})
