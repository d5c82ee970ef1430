import type { IssueDraft } from "../seed.ts"

export const web: ReadonlyArray<IssueDraft> = [
  {
    team: "WEB",
    title: "Show an empty state on the customers page",
    description: "New accounts see a bare table header.",
    priority: 3,
    labels: ["AI-Implement"],
    state: "Todo"
  },
  {
    team: "WEB",
    title: "Keep the filter in the address bar",
    description: "Reloading or sharing the link loses it.",
    priority: 2,
    labels: ["AI-Implement", "Feature"],
    state: "Todo"
  },
  {
    team: "WEB",
    title: "The date picker ignores the account's time zone",
    priority: 1,
    labels: ["AI-Implement", "Bug"],
    state: "Triage"
  },
  {
    team: "WEB",
    title: "Add a dark theme",
    description: "Colours are already custom properties; follow the system by default.",
    priority: 4,
    labels: ["AI-Implement"],
    state: "Backlog"
  },
  {
    team: "WEB",
    title: "Trap focus in the invite dialog",
    description: "Tab leaves the dialog. Use the native element.",
    priority: 2,
    labels: ["AI-Implement", "Ready for Review"],
    state: "In Review"
  },
  { team: "WEB", title: "Redesign the billing page", priority: 2, state: "In Progress" },
  {
    team: "WEB",
    title: "Explain proration on the billing page",
    priority: 3,
    labels: ["AI-Implement"],
    state: "Todo",
    blockedBy: ["WEB-17"]
  },
  {
    team: "WEB",
    title: "Announce toasts to screen readers",
    priority: 2,
    labels: ["AI-Implement"],
    state: "Todo"
  },
  {
    team: "WEB",
    title: "Load the chart library only where a chart is shown",
    description: "It is 180 kB of the first load.",
    priority: 3,
    labels: ["AI-Implement"],
    state: "Backlog"
  },
  { team: "WEB", title: "Choose a component library for the new forms", priority: 3, state: "Backlog" },
  { team: "WEB", title: "Fix the overlapping menu in Safari", priority: 2, state: "Done", labels: ["Bug"] },
  { team: "WEB", title: "Write down the copy guidelines", priority: 0, state: "Triage" },
  {
    team: "WEB",
    title: "Offer CSV export next to the customers table",
    priority: 2,
    labels: ["Feature"],
    state: "Backlog",
    blockedBy: ["ENG-42"]
  }
]
