import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import { exponentialBackoff } from "../domain/exponentialBackoff.ts"
import { singletonLoop } from "../platform/loops.ts"
import { AppConfig } from "../platform/Config.ts"
import { testNotice } from "./Notifications/Notice.ts"
import { OutboxRepo } from "./Notifications/OutboxRepo.ts"
import { NotificationPolicy } from "./Notifications/policy.ts"
import { makeSend, NotSent } from "./Notifications/send.ts"

const off = new NotSent({
  retryAfter: 0,
  message:
    "Nobody is told anything: NOTIFY_WEBHOOK_URL is not set. Set it to the webhook's address and restart."
})

/** Tells people in Slack or Teams. What cannot be told is set aside after some tries; dispatches do not wait for it. */
export class Notifications extends Context.Service<
  Notifications,
  {
    /** Sends what is due, until nothing is or one fails. */
    readonly deliver: Effect.Effect<void>
    /** Sends a notification that tells nothing, now. */
    readonly test: Effect.Effect<void, NotSent>
  }
>()("ai-implement/messaging/Notifications") {
  static readonly layerNoDeps = Layer.effect(
    Notifications,
    Effect.gen(function* () {
      const outbox = yield* OutboxRepo
      const policy = yield* NotificationPolicy
      const { NOTIFY_TYPE: type, NOTIFY_WEBHOOK_URL: url, PUBLIC_URL: publicUrl } = yield* AppConfig
      if (url === null) return Notifications.of({ deliver: Effect.void, test: Effect.fail(off) })
      const send = yield* makeSend({ type, url, publicUrl, timeout: policy.timeout })

      const pause = (attempts: number) => exponentialBackoff(policy.retryBase, attempts - 1, policy.retryMax)

      const next = Effect.gen(function* () {
        const now = yield* DateTime.now
        const row = yield* outbox.take((attempts) =>
          DateTime.addDuration(now, Duration.sum(policy.timeout, pause(attempts)))
        )
        if (row === null) return false
        if (row.attempts > policy.attempts) return yield* Effect.as(outbox.giveUp(row.id, null), true)
        return yield* send(row.body).pipe(
          Effect.andThen(outbox.sent(row.id)),
          Effect.as(true),
          Effect.catchTag("NotSent", ({ message, retryAfter }) =>
            Effect.gen(function* () {
              if (row.attempts < policy.attempts) {
                yield* outbox.failed(row.id, message, DateTime.add(now, { seconds: retryAfter }))
              } else {
                yield* outbox.giveUp(row.id, message)
                yield* Effect.logWarning(
                  `A notification was set aside after ${row.attempts} tries: ${message}`
                )
              }
              return false
            })
          )
        )
      })

      const deliver = Effect.repeat(next, { while: (sent) => sent }).pipe(
        Effect.asVoid,
        Effect.withSpan("Notifications.deliver")
      )

      return Notifications.of({ deliver, test: send(testNotice) })
    })
  )

  static readonly layer = this.layerNoDeps.pipe(Layer.provide(FetchHttpClient.layer))
}

/** One replica delivers. */
export const delivery = Layer.unwrap(
  Effect.gen(function* () {
    const { deliver } = yield* Notifications
    const { interval } = yield* NotificationPolicy
    return singletonLoop("notifications", "Delivering notifications", deliver, interval)
  })
)
