import * as Context from "effect/Context"
import * as Duration from "effect/Duration"

export const CommentPolicy = Context.Reference("ai-implement/Comments/Policy", {
  defaultValue: () => ({
    interval: Duration.seconds(15),
    retryBase: Duration.seconds(15),
    retryMax: Duration.minutes(10),
    giveUpAfter: Duration.hours(24)
  })
})
export type CommentPolicy = (typeof CommentPolicy)["Service"]
