import { plural } from "./plural.ts"

export const words = {
  empty: "No candidate",
  emptyHint: (label: string) =>
    `Add the label ${label} to an open Linear issue of a mapped team; it appears here with the next pass.`,
  toMappings: "See the mappings",
  noneMatch: "No issue matches the filters",
  clear: "Clear filters",
  inLinear: (identifier: string) => `${identifier} in Linear`,
  groups: {
    label: "What it waits for",
    all: "All",
    person: "Needs action",
    itself: "Waiting",
    nothing: "In progress"
  },
  allTeams: "All teams",
  allReasons: "All decisions",
  willDispatch: "Dispatch",
  count: (shown: number, all: number) => (shown === all ? plural(all, "issue") : `${shown} of ${all} issues`),
  columns: {
    issue: "Issue",
    title: "Title",
    team: "Team",
    priority: "Priority",
    state: "State",
    why: "Decision",
    since: "Since"
  },
  priority: ["No priority", "Urgent", "High", "Medium", "Low"],
  dispatching: "Dispatching",
  dispatchNow: "Dispatch now",
  dispatched: (identifier: string) => `${identifier} is dispatched.`,
  approve: "Approve plan",
  approved: (identifier: string) => `The plan of ${identifier} is approved; the next pass implements it.`,
  reject: "Reject plan",
  rejectTitle: (identifier: string) => `Reject the plan of ${identifier}?`,
  rejectBody:
    "A new plan is made at the next pass; it gets the old plan and your reason. After five rejections the issue is parked.",
  rejectReason: "What has to change",
  rejectDo: "Reject the plan",
  rejected: (identifier: string) => `The plan of ${identifier} is rejected; a new one is made.`,
  unpark: "Un-park",
  unparked: (identifier: string) => `${identifier} is no longer parked; the next pass considers it.`,
  release: "Release",
  released: (identifier: string) => `${identifier} is no longer held; the next pass considers it.`,
  reset: "Clear label",
  resetTitle: (identifier: string) => `Clear the labels and failures of ${identifier}?`,
  resetBody: (label: string) =>
    `${label} is removed from the issue in Linear, and its dedup entry, backoff and failures are cleared. A run started elsewhere is not stopped.`,
  resetDone: (identifier: string) => `${identifier} is cleared; the next pass considers it.`,
  clearDedup: "Clear dedup"
} as const
