import type { Trigger } from "../../domain/Modes.ts"

interface TriggerRule {
  /** The mapping's own pause holds. */
  readonly mappingPaused: boolean
  /** Blockers and the missing pickup label hold. */
  readonly blocked: boolean
  /** Dedup, backoff, parking and an operator's hold apply; an operator command clears them first. */
  readonly failureState: boolean
  readonly planApproval: boolean
  /** An open pull request and `Ready for Review` hold, even for a pull request that this orchestrator opened. */
  readonly pullRequest: boolean
}

/** The rules that differ by trigger. All others (one unsettled dispatch, capacity, hourly limit…) hold for each. */
export const triggerRules: Readonly<Record<Trigger, TriggerRule>> = {
  poll: { mappingPaused: true, blocked: true, failureState: true, planApproval: true, pullRequest: true },
  manual: {
    mappingPaused: false,
    blocked: false,
    failureState: false,
    planApproval: true,
    pullRequest: true
  },
  retry: { mappingPaused: false, blocked: false, failureState: false, planApproval: true, pullRequest: true },
  comment: {
    mappingPaused: true,
    blocked: false,
    failureState: false,
    planApproval: false,
    pullRequest: false
  }
}
