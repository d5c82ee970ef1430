import type { ReasonTag } from "./Reason.ts"

/** The short name of each reason, for filters and headings. */
export const reasonTitles: Readonly<Record<ReasonTag, string>> = {
  globally_paused: "All dispatching is paused",
  no_mapping: "No mapping",
  paused: "Mapping paused",
  waiting_answer: "Waiting for an answer",
  running: "Running",
  settling: "Settling",
  unreadable: "Unreadable",
  labelled_elsewhere: "Labelled elsewhere",
  ready_for_review: "Ready for review",
  open_pull_request: "Open pull request",
  blocked: "Blocked",
  held: "Held",
  parked: "Parked",
  waiting_approval: "Waiting for approval",
  dedup: "Dispatched recently",
  backing_off: "Backing off",
  tracker_not_ready: "Tracker not ready",
  not_configured: "Not configured",
  provider_unsupported: "Provider unsupported",
  repository_not_ready: "Repository not ready",
  budget_low: "Request budget low",
  upstream_down: "Upstream down",
  hourly_limit: "Hourly limit",
  team_at_capacity: "Team at capacity",
  lost_race: "Lost a race"
}
