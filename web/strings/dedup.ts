export const words = {
  intro: "For 24 hours after an implementation was dispatched the poller does not dispatch the issue again.",
  empty: "No issue is held back",
  noneMatch: "No issue held back matches the search",
  emptyHint: "An issue appears here when its implementation is dispatched, and leaves after 24 hours.",
  columns: { issue: "Issue", title: "Title", dispatched: "Dispatched", left: "Ends" },
  remove: "Remove",
  removeTitle: (identifier: string) => `Let ${identifier} be dispatched again?`,
  removeBody:
    "Its dedup entry, backoff and failures are forgotten, and the next pass dispatches it again if nothing else holds it back.",
  removeDo: "Remove from dedup",
  removed: (identifier: string) => `${identifier} may be dispatched again.`
} as const
