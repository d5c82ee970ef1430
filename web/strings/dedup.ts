export const words = {
  intro: "For 24 hours after an implementation was dispatched the poller does not dispatch the issue again.",
  empty: "No issue was dispatched in the last 24 hours",
  noneMatch: "No issue matches the search",
  emptyHint: "An issue appears here when its implementation is dispatched, and leaves after 24 hours.",
  columns: { issue: "Issue", title: "Title", dispatched: "Dispatched", left: "Ends" },
  remove: "Remove",
  removeTitle: (identifier: string) => `Let ${identifier} be dispatched again?`,
  removeBody:
    "Its dedup entry, backoff and failures are cleared, and the next pass dispatches it again unless something else prevents it.",
  removeDo: "Remove from dedup",
  removed: (identifier: string) => `${identifier} may be dispatched again.`
} as const
