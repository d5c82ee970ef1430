import { labels } from "../../domain/Labels.ts"
import type { TimelineEvent } from "../dispatches/timelineEvents.ts"

export const planApproved = (by: string): TimelineEvent => ({
  type: "plan_approved",
  actor: by,
  message: `${by} approved the plan`
})

export const planRejected = (by: string, reason: string): TimelineEvent => ({
  type: "plan_rejected",
  actor: by,
  message: `${by} rejected the plan: ${reason}`
})

export const planWithdrawn: TimelineEvent = {
  type: "plan_withdrawn",
  actor: "Linear",
  message: `${labels.planComplete} was removed: a new plan is needed`
}
