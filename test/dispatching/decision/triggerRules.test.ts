import { assert, describe, it } from "@effect/vitest"
import { Trigger } from "../../../src/domain/Modes.ts"
import type { ReasonTag } from "../../../src/domain/Reason.ts"
import { decide } from "../../../src/dispatching/decision/decide.ts"
import { issueFacts, mapping, dispatchContext } from "../../support/builders.ts"
import { causes } from "./causes.ts"

const each: ReadonlyArray<Trigger> = Trigger.literals

/** The triggers for which a reason holds; null where `decide` cannot reach it. */
const holds: Readonly<Record<ReasonTag, ReadonlyArray<Trigger> | null>> = {
  globally_paused: each,
  no_mapping: each,
  paused: ["poll", "comment"],
  waiting_answer: each,
  running: each,
  settling: each,
  unreadable: each,
  labelled_elsewhere: each,
  ready_for_review: each,
  open_pull_request: ["poll", "manual", "retry"],
  blocked: ["poll"],
  held: ["poll"],
  parked: ["poll"],
  waiting_approval: ["poll", "manual", "retry"],
  dedup: ["poll"],
  backing_off: ["poll"],
  tracker_not_ready: each,
  not_configured: each,
  provider_unsupported: each,
  repository_not_ready: null,
  budget_low: each,
  upstream_down: each,
  hourly_limit: each,
  team_at_capacity: each,
  lost_race: null
}

describe("the trigger rules", () => {
  for (const [tag, cause] of Object.entries(causes)) {
    const triggerRules = Object.entries(holds).find(([each]) => each === tag)?.[1]
    if (cause === null || triggerRules == null) continue
    for (const trigger of each) {
      const passes = !triggerRules.includes(trigger)
      it(`${trigger}: ${tag} ${passes ? "is ignored" : "blocks"}`, () => {
        const { context, facts } = cause({ context: dispatchContext(), facts: issueFacts() })
        const decision = decide(context, facts, trigger)
        assert.strictEqual(decision.kind === "dispatch" ? null : decision.reason._tag, passes ? null : tag)
      })
    }
  }

  it("comment: ready_for_review is ignored where the pull request is ours", () => {
    const scene = { context: dispatchContext(), facts: issueFacts() }
    const both = [causes.ready_for_review, causes.open_pull_request].reduce(
      (scene, cause) => cause?.(scene) ?? scene,
      scene
    )
    assert.strictEqual(decide(both.context, both.facts, "comment").kind, "dispatch")
  })

  for (const trigger of each) {
    it(`${trigger}: a missing plan ${trigger === "comment" ? "is not asked for" : "is made first"}`, () => {
      const facts = issueFacts({ mapping: mapping({ planningEnabled: true }) })
      assert.deepStrictEqual(decide(dispatchContext(), facts, trigger), {
        kind: "dispatch",
        phase: trigger === "comment" ? "implementation" : "planning"
      })
    })
  }
})
