/** Labels on the Linear issue, by the names people read. The pickup label is configurable. */
export const labels = {
  working: "AI-Working",
  planning: "AI-Planning",
  planComplete: "Plan-Complete",
  planApproved: "Plan-Approved",
  readyForReview: "Ready for Review"
} as const

/** The labels by which a run, ours or not, occupies an issue. */
export const occupyingLabels: ReadonlyArray<string> = [labels.working, labels.planning]

export const ourLabels: ReadonlyArray<string> = Object.values(labels)

export const sameLabel = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

export const hasLabel = (labels: ReadonlyArray<string>, label: string) =>
  labels.some((each) => sameLabel(each, label))
