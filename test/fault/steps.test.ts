import { describe, it } from "@effect/vitest"
import { firstCalls, github, hasLabel, launching, linear, stepsOfAny } from "./calls.ts"
import { atEachStep, commented, duringCalls, type Interrupted } from "./killRun.ts"

const ofOne: ReadonlyArray<Interrupted> = [
  ...launching,
  { ...linear, operation: "Update", action: "hangAfter", seen: hasLabel("AI-Working") },
  { ...linear, operation: "Update", nth: 2, action: "hangAfter", seen: hasLabel("Ready for Review") },
  { ...linear, operation: "mutation Comment", action: "hang" },
  { ...linear, operation: "mutation Comment", action: "hangAfter", seen: commented(1) }
]

const shared: ReadonlyArray<Interrupted> = [
  { ...github, operation: "actions/list-workflow-runs-for-repo", action: "hang" },
  { ...github, operation: "head=acme", action: "hang" }
]

describe("a service killed by kill -9 and started again", { timeout: 480_000 }, () => {
  it.live("at any step of a dispatch makes one run, one comment, the right labels and the right log", () =>
    atEachStep("implementation", { spans: [...stepsOfAny, "GitHub.launch", "Settlement.writeOutcome"] })
  )

  it.live(
    "while an upstream handles a call of a dispatch (implementation), or before its answer, does so too",
    () => duringCalls("implementation", { first: firstCalls, shared, ofOne })
  )
})
