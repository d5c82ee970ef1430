import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Request, Response } from "../Upstream.ts"
import { Target, type WebhookControl } from "./Webhooks.ts"

const target = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.NullOr(Target)))

/** The target of webhooks and their deliveries, under `/_control`; undefined for other routes. */
export const webhookRoutes = Effect.fnUntraced(function* (webhooks: WebhookControl, request: Request) {
  const [subject, id] = request.url.pathname.split("/").slice(2)
  switch (`${request.method} ${subject}`) {
    case "PUT webhook":
      webhooks.setWebhook(yield* target(request.body))
      return { status: 204 } satisfies Response
    case "GET deliveries":
      return { status: 200, body: webhooks.deliveries() } satisfies Response
    case "POST deliveries":
      webhooks.redeliver(id ?? "")
      return { status: 204 } satisfies Response
  }
  return undefined
})
