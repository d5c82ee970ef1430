import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import { decideRetry, retryWait } from "../domain/retry.ts"
import { singletonLoop } from "../platform/loops.ts"
import { AppConfig } from "../platform/Config.ts"
import { testNotice } from "./Notifications/Notice.ts"
import { OutboxRepo } from "./Notifications/OutboxRepo.ts"
import { NotificationPolicy } from "./Notifications/policy.ts"
import { makeSend, NotSent } from "./Notifications/send.ts"

const off = new NotSent({
  retryAfter: 0,
  message:
    "Notifications are off: NOTIFY_WEBHOOK_URL is not set. Set it to the webhook's address and restart."
})

/** Sends notifications to Slack or Teams. One that keeps failing is set aside; dispatches never wait for it. */
export class Notifications extends Context.Service<
  Notifications,
  {
    /** Sends due notifications until none is due or the messenger asks for a pause. */
    readonly deliver: Effect.Effect<void>
    /** Sends a test notification now. */
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

      const next = Effect.gen(function* () {
        const now = yield* DateTime.now
        const row = yield* outbox.take((attempts) =>
          DateTime.addDuration(now, Duration.sum(policy.timeout, retryWait(policy, attempts)))
        )
        if (row === null) return false
        const { attempts, createdAt: firstAt } = row
        if (decideRetry(policy, { attempts: attempts - 1, firstAt, now })._tag === "GiveUp") {
          yield* outbox.giveUp(row.id, null)
          yield* Effect.logWarning("A notification is set aside: its last attempt was interrupted")
          return true
        }
        return yield* send(row.body).pipe(
          Effect.andThen(outbox.sent(row.id)),
          Effect.as(true),
          Effect.catchTag("NotSent", ({ message, retryAfter }) =>
            Effect.gen(function* () {
              const failure = { retryAfter: Duration.seconds(retryAfter) }
              const decision = decideRetry(policy, { attempts, firstAt, now }, failure)
              if (decision._tag === "Again") {
                yield* outbox.failed(row.id, message, decision.at)
                yield* Effect.logWarning(`A notification will be retried: ${message}`)
              } else {
                yield* outbox.giveUp(row.id, message)
                yield* Effect.logWarning(`A notification is set aside after ${attempts} attempts: ${message}`)
              }
              // Others are not delayed, unless the messenger asks for a pause.
              return retryAfter === 0
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

export const delivery = Layer.unwrap(
  Effect.gen(function* () {
    const { deliver } = yield* Notifications
    const { interval } = yield* NotificationPolicy
    return singletonLoop("notifications", "Delivering notifications", deliver, interval)
  })
)
