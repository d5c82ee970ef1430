import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Mac from "effect/crypto/Mac"
import { Mappings } from "../../admin/Mappings.ts"
import { AppConfig } from "../../platform/Config.ts"
import { Passes } from "../poller/Passes.ts"
import { Signals } from "../../platform/Signals.ts"
import { DeliveriesRepo } from "./DeliveriesRepo.ts"
import { type Consequence, readGitHub, readLinear } from "./events.ts"
import { isSigned } from "./signature.ts"

export class WebhookRefused extends Schema.TaggedError<WebhookRefused>()("WebhookRefused", {
  reason: Schema.Literals(["NotConfigured", "Unsigned", "Malformed"]),
  message: Schema.String
}) {}

/** Since this process started: the last accepted delivery, and the last refused one. */
export interface WebhookHealth {
  readonly acceptedAt: DateTime.Utc | null
  readonly refused: { readonly at: DateTime.Utc; readonly message: string } | null
}

export interface Received {
  readonly id: string
  readonly signature: string
  readonly event: string
  readonly body: Uint8Array
}

const refuse = (reason: WebhookRefused["reason"], message: string) =>
  Effect.fail(new WebhookRefused({ reason, message }))

const parse = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

const isId = Schema.is(Schema.String.check(Schema.isPattern(/^[A-Za-z0-9-]{1,100}$/)))

/** Webhooks of Linear and GitHub. What was signed counts once and only makes the service re-read its upstreams sooner. */
export class Webhooks extends Context.Service<
  Webhooks,
  {
    readonly linear: (received: Received) => Effect.Effect<void, WebhookRefused>
    readonly github: (received: Received) => Effect.Effect<void, WebhookRefused>
    readonly health: Effect.Effect<Readonly<Record<"linear" | "github", WebhookHealth>>>
  }
>()("ai-implement/dispatching/webhooks/Webhooks") {
  static readonly layerNoDeps = Layer.effect(
    Webhooks,
    Effect.gen(function* () {
      const deliveries = yield* DeliveriesRepo
      const mappings = yield* Mappings
      const passes = yield* Passes
      const signals = yield* Signals
      const mac = yield* Mac.Mac
      const { GITHUB_WEBHOOK_SECRET, LINEAR_WEBHOOK_SECRET } = yield* AppConfig

      const verified = Effect.fnUntraced(
        function* (
          secret: Redacted.Redacted<string> | null,
          setting: string,
          { body, id, signature }: Received
        ) {
          if (secret === null) {
            return yield* refuse(
              "NotConfigured",
              `Webhooks are off: ${setting} is not set. Set it to the webhook's signing secret and restart.`
            )
          }
          if (!(yield* isSigned(Redacted.value(secret), signature, body))) {
            return yield* refuse(
              "Unsigned",
              `The signature is missing or wrong. Nothing was changed. Check that ${setting} is the webhook's signing secret.`
            )
          }
          if (!isId(id)) return yield* refuse("Malformed", "The delivery has no id. Nothing was changed.")
          return parse(new TextDecoder().decode(body))
        },
        Effect.provideService(Mac.Mac, mac)
      )

      const follow = (consequence: Consequence) => {
        switch (consequence._tag) {
          case "Nothing":
          case "Comment":
            return Effect.void
          case "Pass":
            return passes.request("webhook")
          case "Signal":
            return signals.notify(consequence.who)
        }
      }

      const concernsUs = (consequence: Consequence) => {
        if (consequence._tag === "Nothing") return Effect.succeed(false)
        if (consequence._tag !== "Pass" || consequence.teamKey === null) return Effect.succeed(true)
        return Effect.map(mappings.list, (all) => all.some(({ teamKey }) => teamKey === consequence.teamKey))
      }

      // Nothing signs the id of a delivery: whoever repeats a body may give it another.
      const take = Effect.fnUntraced(function* (
        source: "linear" | "github",
        signature: string,
        consequence: Consequence
      ) {
        if (!(yield* concernsUs(consequence))) return
        const comment = consequence._tag === "Comment" ? consequence.comment : null
        if (yield* deliveries.add({ source, id: signature.toLowerCase(), comment }))
          yield* follow(consequence)
      })

      const linear = Effect.fn("Webhooks.linear")(function* (received: Received) {
        const body = yield* verified(LINEAR_WEBHOOK_SECRET, "LINEAR_WEBHOOK_SECRET", received)
        const consequence = Option.flatMap(body, readLinear)
        if (Option.isNone(consequence)) {
          return yield* refuse("Malformed", "The body is not a Linear event. Nothing was changed.")
        }
        // Linear repeats a delivery for hours, unchanged, and switches off a webhook that refuses it.
        yield* take("linear", received.signature, consequence.value)
      })

      const github = Effect.fn("Webhooks.github")(function* (received: Received) {
        const signature = received.signature.startsWith("sha256=") ? received.signature.slice(7) : ""
        const body = yield* verified(GITHUB_WEBHOOK_SECRET, "GITHUB_WEBHOOK_SECRET", {
          ...received,
          signature
        })
        const consequence = Option.flatMap(body, (body) => readGitHub(received.event, body))
        if (Option.isNone(consequence)) {
          return yield* refuse(
            "Malformed",
            "The body is not a GitHub event. Nothing was changed. Set the webhook's content type to application/json."
          )
        }
        yield* take("github", signature, consequence.value)
      })

      const health: Record<"linear" | "github", WebhookHealth> = {
        linear: { acceptedAt: null, refused: null },
        github: { acceptedAt: null, refused: null }
      }
      const noted =
        (source: "linear" | "github", receive: (received: Received) => Effect.Effect<void, WebhookRefused>) =>
        (received: Received) =>
          receive(received).pipe(
            Effect.tap(() =>
              Effect.map(DateTime.now, (at) => {
                health[source] = { ...health[source], acceptedAt: at }
              })
            ),
            Effect.tapError(({ message }) =>
              Effect.map(DateTime.now, (at) => {
                health[source] = { ...health[source], refused: { at, message } }
              })
            )
          )

      return Webhooks.of({
        linear: noted("linear", linear),
        github: noted("github", github),
        health: Effect.sync(() => ({ ...health }))
      })
    })
  )

  static readonly layer = this.layerNoDeps.pipe(Layer.provide([DeliveriesRepo.layer, NodeCrypto.layerMac]))
}
