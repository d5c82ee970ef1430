import type { IssueDraft } from "../seed.ts"

export const ops: ReadonlyArray<IssueDraft> = [
  {
    team: "OPS",
    title: "Alert when the replica lags more than a minute",
    description: "The metric is there; no rule uses it.",
    priority: 1,
    labels: ["AI-Implement"],
    state: "Todo"
  },
  {
    team: "OPS",
    title: "Pin the base image by digest",
    priority: 3,
    labels: ["AI-Implement"],
    state: "Backlog"
  },
  {
    team: "OPS",
    title: "Run the smoke test after every deployment",
    description: "It is run by hand and sometimes forgotten.",
    priority: 2,
    labels: ["AI-Implement"],
    state: "Todo"
  },
  { team: "OPS", title: "Buy the certificate for the status page", priority: 2, state: "In Progress" },
  {
    team: "OPS",
    title: "Serve the status page over HTTPS",
    priority: 2,
    labels: ["AI-Implement"],
    state: "Backlog",
    blockedBy: ["OPS-10"]
  },
  { team: "OPS", title: "Test the restore of last month's backup", priority: 1, state: "Todo" },
  { team: "OPS", title: "Retire the old metrics host", priority: 4, state: "Done" },
  { team: "OPS", title: "Agree on an on-call rota for the holidays", priority: 0, state: "Triage" },
  { team: "OPS", title: "Move secrets out of the pipeline variables", priority: 2, state: "Backlog" }
]
