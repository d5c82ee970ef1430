import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Schema from "effect/Schema"
import { createHmac } from "node:crypto"

export const Target = Schema.Struct({ url: Schema.String, secret: Schema.String })
export type Target = typeof Target.Type

export interface Webhook {
  readonly event: string
  readonly body: (now: number) => object
  readonly headers: (id: string, signature: string, now: number) => Readonly<Record<string, string>>
}

export interface Delivery {
  readonly id: string
  readonly event: string
  readonly attempt: number
  readonly at: number
  readonly status: number | null
}

export interface WebhookControl {
  readonly setWebhook: (target: Target | null) => void
  readonly deliveries: () => ReadonlyArray<Delivery>
  readonly redeliver: (id: string) => void
}

export interface Webhooks extends WebhookControl {
  /** Made at once, and only while a target is set; undefined for what has no webhook. */
  readonly send: (make: () => Webhook | undefined) => void
}

const maxStored = 200
const responseTimeout = "10 seconds"

/** Signs and delivers webhooks, each again after the given milliseconds until it is answered with success. */
export const makeWebhooks = Effect.fnUntraced(function* (
  retries: ReadonlyArray<number>,
  initial: Target | null
) {
  const client = yield* HttpClient.HttpClient
  const fork = yield* FiberSet.makeRuntime()
  const deliveries: Array<Delivery> = []
  const sent = new Map<string, Webhook>()
  let target = initial

  const once = Effect.fnUntraced(function* (id: string, attempt: number, webhook: Webhook) {
    if (target === null) return true
    const at = yield* Clock.currentTimeMillis
    const body = JSON.stringify(webhook.body(at))
    const signature = createHmac("sha256", target.secret).update(body).digest("hex")
    const request = HttpClientRequest.post(target.url, { headers: webhook.headers(id, signature, at) }).pipe(
      HttpClientRequest.bodyText(body, "application/json")
    )
    const status = yield* client.execute(request).pipe(
      Effect.flatMap((response) => Effect.as(response.text, response.status)),
      Effect.timeout(responseTimeout),
      Effect.orElseSucceed(() => null)
    )
    deliveries.push({ id, event: webhook.event, attempt, at, status })
    return status !== null && status < 300
  })

  const deliver = Effect.fnUntraced(function* (id: string, webhook: Webhook) {
    for (const [index, wait] of [0, ...retries].entries()) {
      yield* Effect.sleep(wait)
      if (yield* once(id, index + 1, webhook)) return
    }
  })

  return {
    setWebhook: (to) => void (target = to),
    deliveries: () => deliveries,
    redeliver: (id) => {
      const webhook = sent.get(id)
      if (webhook !== undefined) fork(deliver(id, webhook))
    },
    send: (make) => {
      const webhook = target === null ? undefined : make()
      if (webhook === undefined) return
      const id = crypto.randomUUID()
      const [oldest = ""] = sent.keys()
      if (sent.size >= maxStored) sent.delete(oldest)
      sent.set(id, webhook)
      fork(deliver(id, webhook))
    }
  } satisfies Webhooks
}, Effect.provide(FetchHttpClient.layer))
