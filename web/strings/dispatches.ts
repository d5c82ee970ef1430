import { plural } from "./plural.ts"

export const words = {
  empty: "No dispatch yet",
  emptyHint: "A dispatch is made when an issue with the pickup label is ready and its team has a free slot.",
  toIssues: "See what waits",
  noneMatch: "No dispatch matches the filters",
  clear: "Clear filters",
  search: "Search issue, title, repository",
  allTeams: "All teams",
  allStatuses: "All statuses",
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
    run: "Run"
  },
  run: "Run",
  pullRequest: (number: number) => `PR #${number}`,
  pullRequestState: { open: "open", closed: "closed", merged: "merged" },
  draft: "draft",
  cancel: "Cancel",
  cancelTitle: (identifier: string) => `Cancel the dispatch of ${identifier}?`,
  cancelBody: (repository: string) =>
    `The run in ${repository} is asked to stop; when it has ended, its labels are taken off the issue. A pull request that already exists stays.`,
  cancelDo: "Cancel the dispatch",
  cancelled: (identifier: string) => `${identifier} is asked to stop.`,
  retry: "Retry",
  retryTitle: (identifier: string) => `Dispatch ${identifier} again?`,
  retryBody: (phase: string) =>
    `A new dispatch of the same phase (${phase.toLowerCase()}) starts now. Dedup, backoff and parking of the issue are cleared.`,
  retryDo: "Dispatch again",
  retried: (identifier: string) => `${identifier} is dispatched again.`,
  stopAsked: "stop asked for"
} as const
