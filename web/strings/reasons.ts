import { plural } from "./plural.ts"

export const words = {
  globally_paused: "until someone resumes",
  no_mapping: (team: string) => `team ${team} has no repository`,
  addMapping: "Add a mapping",
  paused: "by its own switch",
  toMapping: "Open the mapping",
  settling: (pending: string) => `still to do: ${pending}`,
  settlingNothing: "finishing",
  labelled_elsewhere: (label: string) => `wears ${label} without a dispatch of ours`,
  ready_for_review: "by its label",
  again: "Remove the label to have it implemented again.",
  blockedBy: "by",
  andMore: "and more",
  parked: (failures: number) => `after ${plural(failures, "failure")}`,
  approveBy: "put Plan-Approved on the issue, since",
  ignoredLabel: "a Plan-Approved older than the plan does not count",
  plan: "Plan",
  until: "until",
  since: "since",
  failures: (count: number) => plural(count, "failure"),
  missing: "set",
  provider_unsupported: (who: string, where: string) => `${who} does not run on ${where}`,
  hourly_limit: "dispatches per hour are bounded",
  capacity: (used: number, cap: number) => `${used} of ${cap} slots used`,
  lost_race: "another dispatch was faster; the next pass looks again"
} as const
