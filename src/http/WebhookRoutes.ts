import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerError } from "effect/http/HttpServerError"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { type Received, type WebhookRefused, Webhooks } from "../dispatching/webhooks/Webhooks.ts"
import { errorResponse } from "./ErrorResponses.ts"

const statuses = { NotConfigured: 503, Unsigned: 401, Malformed: 400 } as const

const refusedResponse = ({ message, reason }: WebhookRefused) =>
  errorResponse(statuses[reason], reason, message)

const received = Effect.fnUntraced(function* (names: {
  readonly [Key in Exclude<keyof Received, "body">]: string
}) {
  const { arrayBuffer, headers } = yield* HttpServerRequest.HttpServerRequest
  return {
    id: headers[names.id] ?? "",
    signature: headers[names.signature] ?? "",
    event: headers[names.event] ?? "",
    body: new Uint8Array(yield* arrayBuffer)
  }
})

const linear = received({ id: "linear-delivery", signature: "linear-signature", event: "linear-event" })

const github = received({
  id: "x-github-delivery",
  signature: "x-hub-signature-256",
  event: "x-github-event"
})

/** `POST /webhooks/linear` and `/webhooks/github`, authenticated by the sender's signature. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const router = yield* HttpRouter.HttpRouter
    const webhooks = yield* Webhooks
    const answered = <R>(receive: Effect.Effect<void, WebhookRefused | HttpServerError, R>) =>
      receive.pipe(
        Effect.as(HttpServerResponse.jsonUnsafe({ received: true })),
        Effect.catchTag("WebhookRefused", (refused) => Effect.succeed(refusedResponse(refused)))
      )
    yield* router.add("POST", "/webhooks/linear", answered(Effect.flatMap(linear, webhooks.linear)))
    yield* router.add("POST", "/webhooks/github", answered(Effect.flatMap(github, webhooks.github)))
  })
)
