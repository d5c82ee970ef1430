import * as Context from "effect/Context"
import * as Duration from "effect/Duration"

export const NotificationPolicy = Context.Reference("ai-implement/Notifications/Policy", {
  defaultValue: () => ({
    interval: Duration.seconds(15),
    timeout: Duration.seconds(10),
    retryBase: Duration.seconds(30),
    retryMax: Duration.hours(1),
    maxAttempts: 8
  })
})
export type NotificationPolicy = (typeof NotificationPolicy)["Service"]
