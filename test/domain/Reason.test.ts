import { assert, it } from "@effect/vitest"
import { ReasonTag } from "../../src/domain/Reason.ts"

it("the reasons to wait have the order in which the first match wins", () => {
  assert.deepStrictEqual(ReasonTag.literals, [
    "no_mapping",
    "waiting_answer",
    "running",
    "settling",
    "unreadable",
    "labelled_elsewhere",
    "ready_for_review",
    "open_pull_request",
    "blocked",
    "held",
    "parked",
    "waiting_approval",
    "dedup",
    "backing_off",
    "tracker_not_ready",
    "not_configured",
    "provider_unsupported",
    "repository_not_ready",
    "budget_low",
    "upstream_down",
    "hourly_limit",
    "team_at_capacity",
    "paused",
    "globally_paused",
    "lost_race"
  ])
})
