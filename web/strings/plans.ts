export const words = {
  title: (number: number) => `Plan ${number}`,
  declared: "A person declared this plan in Linear; it has no text here.",
  waits: "No one has decided about it yet.",
  withdrawn: "Withdrawn",
  verdict: { approved: "Approved", rejected: "Rejected" },
  by: (name: string) => `by ${name}`,
  made: "Made",
  lastRejection: (number: number, by: string) => `Plan ${number} was rejected by ${by}:`,
  someone: "someone",
  view: { label: "What of the plan", text: "Text", changes: "Changes" },
  older: (number: number) => `Plan ${number}`,
  unchanged: (count: number) => `${count} unchanged ${count === 1 ? "line" : "lines"}`,
  same: "The text is the same as before.",
  added: "added",
  removed: "removed"
} as const
