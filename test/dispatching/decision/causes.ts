import type { ReasonTag } from "../../../src/domain/Reason.ts"
import type { IssueFacts } from "../../../src/dispatching/decision/decide.ts"
import type { DispatchContext } from "../../../src/dispatching/decision/DispatchContext.ts"
import { hours, failureState, minutes, now, planFacts, unsettled } from "../../support/builders.ts"

export interface Scene {
  readonly context: DispatchContext
  readonly facts: IssueFacts
}
type Cause = (scene: Scene) => Scene

const context =
  (changes: Partial<DispatchContext>): Cause =>
  (scene) => ({ ...scene, context: { ...scene.context, ...changes } })

const facts =
  (changes: (facts: IssueFacts) => Partial<IssueFacts>): Cause =>
  (scene) => ({ ...scene, facts: { ...scene.facts, ...changes(scene.facts) } })

const labelled = (label: string) =>
  facts(({ issue }) => ({ issue: { ...issue, labels: [...issue.labels, label] } }))

const failing = (changes: Parameters<typeof failureState>[0]) =>
  facts(({ failures }) => ({
    failures: { ...failures, implementation: { ...(failures.implementation ?? failureState()), ...changes } }
  }))

/** What makes an issue wait with each reason; null where `decide` cannot come to it. */
export const causes: Readonly<Record<ReasonTag, Cause | null>> = {
  no_mapping: facts(() => ({ mapping: null })),
  waiting_answer: facts(() => ({
    unsettled: unsettled({ question: { id: "0190", expiresAt: minutes(20) } })
  })),
  running: facts((facts) => ({ unsettled: facts.unsettled ?? unsettled() })),
  settling: facts(() => ({ settledSince: { id: unsettled().id } })),
  unreadable: facts(({ issue }) => ({ issue: { ...issue, unreadable: "blockers" } })),
  labelled_elsewhere: labelled("AI-Working"),
  ready_for_review: labelled("Ready for Review"),
  open_pull_request: facts(() => ({ openPullRequest: { url: "https://github.test/acme/app/pull/12" } })),
  blocked: facts(({ issue }) => ({
    issue: { ...issue, blockedBy: [{ identifier: "ENG-1", url: "https://linear.test/ENG-1" }] }
  })),
  held: facts(() => ({ held: { by: "Olga", at: hours(-1) } })),
  parked: failing({ failures: 3, parkedAt: hours(-1) }),
  waiting_approval: facts(({ mapping }) => ({
    mapping: mapping && { ...mapping, planningEnabled: true, autoApprovePlans: false },
    plan: planFacts()
  })),
  dedup: facts(() => ({ dedupUntil: hours(23) })),
  backing_off: failing({ backoffUntil: minutes(1) }),
  tracker_not_ready: facts(() => ({
    readiness: {
      problems: {
        planning: [],
        implementation: [],
        tracker: [{ _tag: "labels_exclusive", message: "Two labels are in one group." }]
      },
      undeclaredInputs: { planning: [], implementation: [] }
    }
  })),
  not_configured: context({
    missingSettings: {
      "github-actions": ["GITHUB_APP_ID"],
      "fly-machines": ["FLY_SESSIONS_TOKEN"],
      questions: []
    }
  }),
  provider_unsupported: facts(({ mapping }) => ({
    mapping: mapping && { ...mapping, provider: "bedrock", executionMode: "fly-machines" }
  })),
  repository_not_ready: facts(() => ({
    readiness: {
      problems: {
        planning: [],
        implementation: [{ _tag: "workflow_missing", message: "It is gone." }],
        tracker: []
      },
      undeclaredInputs: { planning: [], implementation: [] }
    }
  })),
  budget_low: context({ lowBudget: { upstream: "linear", until: minutes(20) } }),
  upstream_down: context({ down: { github: now, fly: now } }),
  hourly_limit: facts(() => ({ hourlyLimitUntil: minutes(30) })),
  team_at_capacity: facts(() => ({ used: 3 })),
  paused: facts(({ mapping }) => ({ mapping: mapping && { ...mapping, paused: true } })),
  globally_paused: context({ paused: true }),
  lost_race: null
}
