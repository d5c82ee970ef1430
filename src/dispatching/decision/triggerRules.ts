import type { Trigger } from "../../domain/Modes.ts"

interface TriggerRule {
  /** The mapping's own pause holds. */
  readonly mappingPaused: boolean
  /** Blockers and the missing pickup label hold. */
  readonly blocked: boolean
  /** Dedup, backoff and parking hold; an operator's word clears them before. */
  readonly memory: boolean
  /** A plan must be there and approved. */
  readonly planApproval: boolean
  /** An open pull request and `Ready for Review` hold, even when the pull request is ours. */
  readonly pullRequest: boolean
}

/** Which rules hold at which door. All others (one unsettled dispatch, capacity, brake…) hold at each. */
export const triggerRules: Readonly<Record<Trigger, TriggerRule>> = {
  poll: { mappingPaused: true, blocked: true, memory: true, planApproval: true, pullRequest: true },
  manual: { mappingPaused: false, blocked: false, memory: false, planApproval: true, pullRequest: true },
  retry: { mappingPaused: false, blocked: false, memory: false, planApproval: true, pullRequest: true },
  comment: { mappingPaused: true, blocked: false, memory: false, planApproval: false, pullRequest: false }
}
