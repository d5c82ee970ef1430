import { assert, describe, it } from "@effect/vitest"
import { Trigger } from "../../../src/domain/Modes.ts"
import type { ReasonTag } from "../../../src/domain/Reason.ts"
import { judge } from "../../../src/dispatching/decision/decide.ts"
import { issueFacts, mapping, sharedFacts } from "../../support/builders.ts"
import { causes } from "./causes.ts"

const each: ReadonlyArray<Trigger> = Trigger.literals

/** The doors at which a reason holds; null where `judge` cannot come to it. */
const holds: Readonly<Record<ReasonTag, ReadonlyArray<Trigger> | null>> = {
  globally_paused: each,
  no_mapping: each,
  paused: ["poll", "comment"],
  running: each,
  settling: each,
  labelled_elsewhere: each,
  ready_for_review: each,
  open_pull_request: ["poll", "manual", "retry"],
  blocked: ["poll"],
  parked: ["poll"],
  waiting_approval: ["poll", "manual", "retry"],
  dedup: ["poll"],
  backing_off: ["poll"],
  not_configured: each,
  provider_unsupported: each,
  repository_not_ready: null,
  budget_low: each,
  upstream_down: each,
  rate_brake: each,
  team_at_capacity: each,
  lost_race: null
}

describe("the doors", () => {
  for (const [tag, cause] of Object.entries(causes)) {
    const doors = Object.entries(holds).find(([each]) => each === tag)?.[1]
    if (cause === null || doors == null) continue
    for (const door of each) {
      const passes = !doors.includes(door)
      it(`${door}: ${tag} ${passes ? "is passed over" : "holds"}`, () => {
        const { shared, facts } = cause({ shared: sharedFacts(), facts: issueFacts() })
        const verdict = judge(shared, facts, door)
        assert.strictEqual(verdict.decision === "dispatch" ? null : verdict.reason._tag, passes ? null : tag)
      })
    }
  }

  it("comment: ready_for_review is passed over where the pull request is ours", () => {
    const scene = { shared: sharedFacts(), facts: issueFacts() }
    const both = [causes.ready_for_review, causes.open_pull_request].reduce(
      (scene, cause) => cause?.(scene) ?? scene,
      scene
    )
    assert.strictEqual(judge(both.shared, both.facts, "comment").decision, "dispatch")
  })

  for (const door of each) {
    it(`${door}: a missing plan ${door === "comment" ? "is not asked for" : "is made first"}`, () => {
      const facts = issueFacts({ mapping: mapping({ planningEnabled: true }) })
      assert.deepStrictEqual(judge(sharedFacts(), facts, door), {
        decision: "dispatch",
        phase: door === "comment" ? "implementation" : "planning"
      })
    })
  }
})
