import * as Context from "effect/Context"
import * as Duration from "effect/Duration"

/** The times of a notification. Tests shorten them; nothing else does. */
export const NotificationPolicy = Context.Reference("ai-implement/Notifications/Policy", {
  defaultValue: () => ({
    interval: Duration.seconds(15),
    timeout: Duration.seconds(10),
    retryBase: Duration.seconds(30),
    retryMax: Duration.hours(1),
    attempts: 8
  })
})
export type NotificationPolicy = (typeof NotificationPolicy)["Service"]
