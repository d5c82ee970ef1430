import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { stepsOfDispatch } from "./dryRun.ts"
import { atEachStep, commented, inLane, type Interrupted } from "./killRun.ts"
import { distinct, ownOf, spansOf } from "./points.ts"

const calls = [1, 2].flatMap((nth): ReadonlyArray<Interrupted> => [
  { upstream: "linear", operation: "mutation Comment", nth, action: "hang" },
  { upstream: "linear", operation: "mutation Comment", nth, action: "hangAfter", seen: commented(nth) }
])

describe(
  "a service killed by kill -9 while a run asks a person, and started again",
  { timeout: 240_000 },
  () => {
    it.live(
      "before or after any step from the claim to the end asks once, is answered once and delivers once",
      () =>
        Effect.gen(function* () {
          const steps = yield* stepsOfDispatch("question", "Transitions.claim")
          assert.includeMembers(spansOf(steps), [
            "Transitions.claim",
            "Questions.ask",
            "Questions.beginComment",
            "Linear.comment",
            "Questions.markCommented",
            "Questions.answer",
            "Reports.accept",
            "Settlement.writeOutcome",
            "Transitions.settle"
          ])

          yield* atEachStep(distinct(ownOf(steps)), "question")
        })
    )

    it.live(
      "while Linear receives the question or its end, or before Linear answers, comments each once",
      () => inLane(calls, "question", ({ killDuring }, call) => killDuring(call))
    )

    it.live("while it reads a reply, takes it once", () =>
      inLane(["start", "end"] as const, "reply", ({ killAt }, edge) =>
        killAt({ span: "Questions.answer", nth: 1, edge })
      )
    )
  }
)
