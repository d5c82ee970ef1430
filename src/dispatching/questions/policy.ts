import * as Context from "effect/Context"
import * as Duration from "effect/Duration"

export const QuestionPolicy = Context.Reference("ai-implement/Questions/Policy", {
  defaultValue: () => ({
    interval: Duration.seconds(5),
    retryBase: Duration.seconds(1),
    retryMax: Duration.minutes(10),
    giveUpAfter: Duration.days(7),
    /** How long an expired question stays open while its thread cannot be read. */
    unreadThreadAfter: Duration.minutes(2)
  })
})
export type QuestionPolicy = (typeof QuestionPolicy)["Service"]
