import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Activity from "effect/workflow/Activity"
import { exponentialBackoff } from "../../domain/exponentialBackoff.ts"

/** The result of one try of an activity. An activity never ends with an error for an upstream's fault. */
export const Step = Schema.Union([
  Schema.TaggedStruct("Done", {}),
  Schema.TaggedStruct("Again", { afterMillis: Schema.Finite }),
  Schema.TaggedStruct("GaveUp", { why: Schema.String })
])
export type Step = typeof Step.Type

export const done: Step = { _tag: "Done" }
export const again = (after: Duration.Duration): Step => ({
  _tag: "Again",
  afterMillis: Math.max(0, Math.ceil(Duration.toMillis(after)))
})
export const againAt = (until: DateTime.Utc, now: DateTime.Utc): Step =>
  again(Duration.millis(Math.max(0, DateTime.toEpochMillis(until) - DateTime.toEpochMillis(now))))
export const gaveUp = (why: string): Step => ({ _tag: "GaveUp", why })

export const StepRetry = Context.Reference("ai-implement/Lifecycle/StepRetry", {
  defaultValue: () => ({
    retryBase: Duration.seconds(1),
    retryMax: Duration.minutes(10),
    giveUpAfter: Duration.days(7),
    // What an upstream refuses, a person has to change: it is tried three times in 10 min.
    refusedWait: Duration.minutes(5),
    maxRefusals: 3
  })
})
export type StepRetry = (typeof StepRetry)["Service"]

export const pause = (tries: number, { retryBase, retryMax }: StepRetry) =>
  exponentialBackoff(retryBase, tries, retryMax)

/** An activity that continues after any failure: a defect (a lost database connection too) means another try. */
export const activity = <R>(name: string, execute: Effect.Effect<Step, never, R>) =>
  Activity.make({
    name,
    success: Step,
    execute: execute.pipe(
      Effect.catchCauseIf(
        (cause) => !Cause.hasInterruptsOnly(cause),
        (cause) =>
          Effect.logError("An activity failed and will be tried again", cause).pipe(
            Effect.as(again(Duration.seconds(5)))
          )
      ),
      Effect.annotateLogs({ activity: name })
    )
  })
