import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { withRetry } from "../client/call.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import { timedOut } from "./errors.ts"
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

export const makeSecrets = (transport: Transport, timeout: Duration.Duration) => ({
  list: Effect.fn("Fly.secrets.list")(function* (app: string) {
    const asked = { name: "secrets.list", to: `list the secrets of ${app}`, absent: absentApp(app) }
    const { secrets } = yield* transport({
      ...asked,
      operation: "Secrets_list",
      path: { app_name: app },
      timeout,
      answer: Listed
    }).pipe(withRetry(() => timedOut(asked, timeout)))
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
    const names = Object.keys(values).join(", ")
    const asked = {
      name: "secrets.set",
      to: `set ${names} in ${app}`,
      absent: absentApp(app),
      unanswered: "Whether it was set is not known; set it again.",
      discreet: true
    }
    const { version } = yield* transport({
      ...asked,
      operation: "Secrets_update",
      path: { app_name: app },
      payload: {
        values: Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, Redacted.value(value)])
        )
      },
      timeout,
      answer: Versioned
    }).pipe(withRetry(() => timedOut(asked, timeout)))
    return version
  }),

  delete: Effect.fn("Fly.secrets.delete")(function* (
    app: string,
    name: string
  ): Effect.fn.Return<void, UpstreamError> {
    const asked = { name: "secrets.delete", to: `delete the secret ${name} of ${app}` }
    yield* transport({
      ...asked,
      operation: "Secret_delete",
      path: { app_name: app, secret_name: name },
      timeout,
      answer: Schema.Unknown,
      also: ({ status }) => (status === 404 ? "gone" : undefined)
    }).pipe(withRetry(() => timedOut(asked, timeout)))
  })
})
