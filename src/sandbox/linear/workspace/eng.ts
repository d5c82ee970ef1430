import type { IssueDraft } from "../seed.ts"

export const eng: ReadonlyArray<IssueDraft> = [
  {
    team: "ENG",
    title: "Move the job queue off the request thread",
    description: "Imports block the API for up to 8 s. Hand them to the worker and answer 202.",
    priority: 2,
    state: "Done"
  },
  {
    team: "ENG",
    title: "Return 409 instead of 500 when an invoice is finalised twice",
    description: "The unique index raises; the handler lets it through as a 500.",
    priority: 1,
    labels: ["AI-Implement", "Bug"],
    state: "Todo"
  },
  {
    team: "ENG",
    title: "Add cursor pagination to GET /v1/customers",
    description: "Offset paging times out beyond 50 000 rows. Keep `page` working until the next major.",
    priority: 2,
    labels: ["AI-Implement"],
    state: "Todo"
  },
  {
    team: "ENG",
    title: "Cache exchange rates for an hour",
    description:
      "We ask the provider on every quote. One cached table is enough; refresh it in the background.",
    priority: 3,
    labels: ["AI-Implement"],
    state: "Backlog",
    blockedBy: ["ENG-31"]
  },
  {
    team: "ENG",
    title: "Validate webhook payloads with the shared schema",
    priority: 3,
    labels: ["AI-Implement"],
    state: "Todo"
  },
  {
    team: "ENG",
    title: "Publish the shared schema as a package",
    description: "Needed before anybody outside the API can validate.",
    priority: 2,
    labels: ["AI-Implement"],
    state: "Triage"
  },
  {
    team: "ENG",
    title: "Validate partner imports with the shared schema package",
    priority: 3,
    labels: ["AI-Implement"],
    state: "Backlog",
    blockedBy: ["ENG-36"]
  },
  {
    team: "ENG",
    title: "Round VAT per line instead of per invoice",
    description: "The accountants' examples are attached to the customer ticket; totals differ by a cent.",
    priority: 1,
    labels: ["AI-Implement", "Bug"],
    state: "Todo"
  },
  {
    team: "ENG",
    title: "Rotate the signing keys without a restart",
    priority: 2,
    state: "In Progress"
  },
  {
    team: "ENG",
    title: "Accept both signing keys while they rotate",
    description: "Verification must try the previous key for 24 h.",
    priority: 2,
    labels: ["AI-Implement"],
    state: "Todo",
    blockedBy: ["ENG-39"]
  },
  {
    team: "ENG",
    title: "Log the request id in every line of the importer",
    priority: 4,
    labels: ["AI-Implement"],
    state: "Backlog"
  },
  {
    team: "ENG",
    title: "Let customers export their data as CSV",
    description: "Stream it; the largest account has 2 million rows.",
    priority: 2,
    labels: ["AI-Implement", "Feature"],
    state: "Todo"
  },
  {
    team: "ENG",
    title: "Remove the deprecated /v0 routes",
    priority: 4,
    labels: ["AI-Implement"],
    state: "Backlog"
  },
  {
    team: "ENG",
    title: "Find out why nightly reconciliation doubled in time",
    description:
      "Someone works on it by hand: the label was put on to see whether an agent gets there first.",
    priority: 2,
    labels: ["AI-Implement", "AI-Working"],
    state: "In Progress"
  },
  { team: "ENG", title: "Decide on a retention period for audit rows", priority: 3, state: "Triage" },
  {
    team: "ENG",
    title: "Support idempotency keys on POST /v1/payments",
    description: "A retry after a timeout must not charge twice.",
    priority: 1,
    labels: ["Feature"],
    state: "Backlog"
  },
  { team: "ENG", title: "Upgrade the database driver", priority: 0, state: "Canceled" }
]
