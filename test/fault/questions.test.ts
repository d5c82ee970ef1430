import { describe, it } from "@effect/vitest"
import { atEachStep, commented, inLane, type Interrupted } from "./killRun.ts"
import { ownOf } from "./points.ts"

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
        atEachStep("question", {
          from: "Transitions.claim",
          among: ownOf,
          spans: [
            "Transitions.claim",
            "Questions.ask",
            "Questions.beginComment",
            "Linear.comment",
            "Questions.markCommented",
            "Questions.answer",
            "Reports.accept",
            "Settlement.writeOutcome",
            "Transitions.settle"
          ]
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
