import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import { CommentPolicy } from "../../src/dispatching/comments/policy.ts"
import { StepRetry } from "../../src/dispatching/lifecycle/step.ts"
import { QuestionPolicy } from "../../src/dispatching/questions/policy.ts"
import { type AttemptFailure, decideRetry, type RetryPolicy } from "../../src/domain/retry.ts"
import { NotificationPolicy } from "../../src/messaging/Notifications/policy.ts"
import { now } from "../support/builders.ts"

const permanent = { permanent: true }
const retryAfter = (seconds: number) => ({ retryAfter: Duration.seconds(seconds) })

type Row = readonly [attempts: number, age: Duration.Input, seconds: number | null, failure?: AttemptFailure]

const untilAWeek: ReadonlyArray<Row> = [
  [1, 0, 1],
  [2, 0, 2],
  [10, 0, 512],
  [11, 0, 600],
  [5000, "7 days", 600],
  [1, Duration.sum(Duration.days(7), Duration.millis(1)), null],
  [1, 0, null, permanent]
]

/** The wait in seconds after a failed attempt; null where the work is given up. */
const subjects: ReadonlyArray<readonly [name: string, policy: RetryPolicy, ReadonlyArray<Row>]> = [
  [
    "a notification",
    NotificationPolicy.defaultValue(),
    [
      [1, 0, 30],
      [2, "1 minute", 60],
      [3, "1 minute", 120],
      [7, "365 days", 1920],
      [8, 0, null],
      [9, 0, null],
      [1, 0, 30, retryAfter(29)],
      [1, 0, 300, retryAfter(300)],
      [7, 0, 3600, retryAfter(3600)],
      [8, 0, null, retryAfter(300)]
    ]
  ],
  [
    "a comment trigger",
    CommentPolicy.defaultValue(),
    [
      [1, 0, 15],
      [2, 0, 30],
      [6, 0, 480],
      [7, 0, 600],
      [1000, "24 hours", 600],
      [1, Duration.sum(Duration.hours(24), Duration.millis(1)), null]
    ]
  ],
  ["a question's comment", QuestionPolicy.defaultValue(), untilAWeek],
  ["a settlement step", StepRetry.defaultValue(), untilAWeek]
]

for (const [name, policy, rows] of subjects) {
  describe(`the retry of ${name}`, () => {
    for (const [attempts, age, seconds, failure] of rows) {
      const given = [
        `attempt ${attempts}`,
        `age ${Duration.format(Duration.fromInputUnsafe(age))}`,
        ...(failure === undefined ? [] : [JSON.stringify(failure)])
      ].join(", ")
      it(`${given}: ${seconds === null ? "gives up" : `waits ${seconds} s`}`, () => {
        const firstAt = DateTime.subtractDuration(now, age)
        assert.deepStrictEqual(
          decideRetry(policy, { attempts, firstAt, now }, failure),
          seconds === null ? { _tag: "GiveUp" } : { _tag: "Again", at: DateTime.add(now, { seconds }) }
        )
      })
    }
  })
}
