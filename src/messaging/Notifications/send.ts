import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { numberIn, waitOf } from "../../upstreams/client/limits.ts"
import { networkFault } from "../../upstreams/client/network.ts"
import type { Notice } from "./Notice.ts"
import { render } from "./render.ts"

/** The messenger did not accept a notification; `retryAfter` in seconds. The message never holds the secret address. */
export class NotSent extends Schema.TaggedError<NotSent>()("NotSent", {
  retryAfter: Schema.Finite,
  message: Schema.String
}) {}

export interface Destination {
  readonly type: keyof typeof render
  readonly url: Redacted.Redacted<string>
  readonly publicUrl: string | null
  readonly timeout: Duration.Duration
}

const names = { slack: "Slack", teams: "Teams" } as const

const meanings: Readonly<Record<number, string>> = {
  400: "invalid message; check that NOTIFY_TYPE fits the address",
  401: "the address is not signed; set NOTIFY_WEBHOOK_URL to the webhook's full address",
  403: "not allowed; create a new webhook and set NOTIFY_WEBHOOK_URL",
  404: "no such webhook; create a new one and set NOTIFY_WEBHOOK_URL",
  410: "the webhook was deleted; create a new one and set NOTIFY_WEBHOOK_URL",
  429: "rate limited"
}

const refused = (name: string, status: number, retryAfter: string | undefined) => {
  const seconds = numberIn(retryAfter)
  const why = meanings[status] ?? (status >= 300 && status < 400 ? "redirects are not followed" : null)
  return new NotSent({
    retryAfter: seconds === undefined ? 0 : waitOf(seconds),
    message: `${name} refused the notification (${status})${why === null ? "" : `: ${why}`}.`
  })
}

const unanswered = (name: string, why: string) =>
  new NotSent({
    retryAfter: 0,
    message: `${name} did not accept the notification (${why}). Check NOTIFY_WEBHOOK_URL and the network.`
  })

export const makeSend = Effect.fnUntraced(function* ({ publicUrl, timeout, type, url }: Destination) {
  const client = yield* HttpClient.HttpClient
  const name = names[type]
  return Effect.fn("Notifications.send")(function* (notice: Notice) {
    const request = HttpClientRequest.bodyJsonUnsafe(
      HttpClientRequest.post(Redacted.value(url), { headers: { "user-agent": "ai-implement" } }),
      render[type](notice, publicUrl)
    )
    const { headers, status } = yield* client.execute(request).pipe(
      Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
      Effect.provideService(HttpClient.TracerPropagationEnabled, false),
      Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
      Effect.mapError(({ reason }) =>
        unanswered(name, networkFault("cause" in reason ? reason.cause : undefined).code ?? "no answer")
      ),
      Effect.timeoutOrElse({
        duration: timeout,
        orElse: () => Effect.fail(unanswered(name, `no answer within ${Duration.toSeconds(timeout)} s`))
      })
    )
    if (status < 200 || status >= 300) return yield* refused(name, status, headers["retry-after"])
  })
})
