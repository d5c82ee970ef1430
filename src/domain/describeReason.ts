import * as DateTime from "effect/DateTime"
import type { Reason } from "./Reason.ts"

const at = DateTime.formatIso

/** Why an issue waits, and what would change it, as one clause. */
export const describeReason = (reason: Reason): string => {
  switch (reason._tag) {
    case "globally_paused":
      return "dispatching is paused; resume it first"
    case "no_mapping":
      return `the team ${reason.teamKey} has no mapping; add one`
    case "paused":
      return "its mapping is paused; resume it first"
    case "running":
      return `its ${reason.phase} is ${reason.status} (dispatch ${reason.dispatchId})`
    case "settling":
      return `dispatch ${reason.dispatchId} still settles ${reason.pending.join(", ") || "its end"}`
    case "labelled_elsewhere":
      return `it wears ${reason.label} although nothing of ours runs; take the label off or reset the issue`
    case "ready_for_review":
      return "it wears Ready for Review; take the label off to run it again"
    case "open_pull_request":
      return `its pull request is open: ${reason.url}`
    case "blocked":
      return `it is blocked by ${reason.by.map(({ identifier }) => identifier).join(", ")}${reason.more ? " and more" : ""}`
    case "parked":
      return `it is parked ${reason.failures === 0 ? `because ${reason.last}` : `after ${reason.failures} failures`}; un-park it first`
    case "waiting_approval":
      return reason.ignoredLabel === true
        ? "its plan waits for approval, and Plan-Approved is there from before the plan; approve the plan, or take the label off and put it on again"
        : "it has no approved plan; approve the one it has, or dispatch its planning first"
    case "dedup":
      return `it was dispatched in the last 24 h; wait until ${at(reason.until)} or remove it from dedup`
    case "backing_off":
      return `it failed ${reason.failures} times; wait until ${at(reason.until)}`
    case "not_configured":
      return `these settings are missing: ${reason.missing.join(", ")}`
    case "provider_unsupported":
      return `${reason.provider} does not run with ${reason.mode}; change the mapping`
    case "repository_not_ready":
      return `its repository is not ready: ${reason.problems.map(({ message }) => message.replace(/\.$/, "")).join("; ")}`
    case "budget_low":
      return `the request budget of ${reason.upstream} is low; wait until ${at(reason.until)}`
    case "upstream_down":
      return `${reason.upstream} has not answered since ${at(reason.since)}`
    case "hourly_limit":
      return `its team has reached MAX_DISPATCHES_PER_HOUR; wait until ${at(reason.until)}`
    case "team_at_capacity":
      return `its team uses ${reason.used} of ${reason.cap} slots; wait, or raise the cap of its mapping`
    case "lost_race":
      return "another dispatch took its place just now; try again"
  }
}
