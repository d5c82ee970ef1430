import { plural } from "./plural.ts"

export const words = {
  empty: "No mapping yet",
  noneMatch: "No mapping matches the search",
  emptyHint: "A mapping sends the issues of one Linear team to one GitHub repository.",
  add: "New mapping",
  search: "Search mappings",
  columns: {
    team: "Team",
    repository: "Repository",
    branch: "Branch",
    slots: "Slots used",
    mode: "Runs on",
    provider: "Provider",
    planning: "Planning",
    state: "State",
    updated: "Changed"
  },
  active: "Active",
  paused: "Paused",
  planning: { off: "Off", auto: "Automatic", approved: "Approved by a person" },
  pause: "Pause",
  resume: "Resume",
  pausedDone: (team: string) => `${team} is paused; running dispatches continue.`,
  resumedDone: (team: string) => `${team} is dispatched again.`,
  edit: "Edit",
  delete: "Delete",
  deleteTitle: (team: string) => `Delete the mapping of ${team}?`,
  deleteBody: (repository: string) =>
    `Issues of the team are no longer dispatched to ${repository}. Running dispatches continue to their end, and the log stays.`,
  deleteSecrets: "Delete the team's secrets too",
  deleted: (team: string, live: number, secrets: number) =>
    [
      `The mapping of ${team} is deleted`,
      ...(live === 0 ? [] : [`${plural(live, "dispatch", "dispatches")} of it still run`]),
      ...(secrets === 0 ? [] : [`${plural(secrets, "secret")} of the team stay`])
    ].join("; ") + "."
} as const
