import { plural } from "./plural.ts"

export const words = {
  intro: "Who changed what, newest first. Values of secrets are never stored.",
  empty: "No change yet",
  emptyHint: "Every change by an operator appears here, with who made it.",
  noneMatch: "No entry matches the search",
  columns: { at: "When", actor: "Who", action: "Action", subject: "What", change: "Change" },
  noName: "no name",
  older: "Show older entries",
  from: (address: string) => `from ${address}`,
  fields: (count: number) => plural(count, "field"),
  none: "nothing"
} as const
