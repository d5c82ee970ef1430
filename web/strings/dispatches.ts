import { plural } from "./plural.ts"

export const words = {
  invalidAddress: "This address is not valid",
  showAll: "Show all",
  empty: "No dispatch yet",
  emptyHint: "A dispatch is made when an issue with the pickup label is ready and its team has a free slot.",
  toIssues: "See the issues",
  noneMatch: "No dispatch matches the filters",
  clear: "Clear filters",
  select: "Select",
  selectAll: "Select all that can be cancelled",
  selection: "Selection",
  selected: (count: number) => `${count} selected`,
  unselect: "Clear",
  allStatuses: "All",
  live: "Live",
  count: (shown: number, all: number) =>
    shown === all && all >= 500
      ? "the last 500 dispatches"
      : shown === all
        ? plural(all, "dispatch", "dispatches")
        : `${shown} of ${all} dispatches`,
  columns: {
    status: "Status",
    issue: "Issue",
    title: "Title",
    repository: "Repository",
    phase: "Phase",
    attempt: "Attempt",
    mode: "Mode",
    started: "Started",
    duration: "Duration",
    outcome: "Outcome",
    run: "Run",
    why: "Why",
    ended: "Ended"
  },
  run: "Run",
  openRun: "Open the run",
  attempt: (number: number) => `attempt ${number}`,
  asks: "Asks",
  pullRequest: (number: number) => `PR #${number}`,
  pullRequestState: { open: "open", closed: "closed", merged: "merged" },
  draft: "draft",
  cancel: "Cancel",
  cancelMany: (count: number) => `Cancel ${plural(count, "dispatch", "dispatches")}`,
  retry: "Retry",
  stopRequested: "stop requested"
} as const
