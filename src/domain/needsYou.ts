import type { ReasonTag } from "./Reason.ts"

/** What waits for a person, in the order of the page that lists it. */
export const needsYou = {
  questions: ["waiting_answer"],
  plans: ["waiting_approval"],
  stopped: ["held", "parked", "labelled_elsewhere"],
  setup: [
    "no_mapping",
    "tracker_not_ready",
    "not_configured",
    "provider_unsupported",
    "repository_not_ready"
  ],
  review: ["ready_for_review", "open_pull_request"]
} as const satisfies Readonly<Record<string, ReadonlyArray<ReasonTag>>>

const tags: ReadonlySet<ReasonTag> = new Set(Object.values(needsYou).flat())

/** How many issues wait for a person. */
export const countNeedsYou = (
  waiting: ReadonlyArray<{ readonly reason: ReasonTag; readonly count: number }>
) => waiting.reduce((sum, { count, reason }) => (tags.has(reason) ? sum + count : sum), 0)
