import * as Effect from "effect/Effect"
import type { IssueDraft, LinearControl } from "../../../src/sandbox/Linear.ts"
import { eventually } from "../eventually.ts"

/** The issues of the local Linear. */
export const makeIssues = (linear: LinearControl) => {
  /** An issue with the pickup label; answers its identifier. */
  const issue = (draft: Partial<IssueDraft> = {}) =>
    linear.createIssue({ team: "ENG", title: "Add a logo", labels: ["AI-Implement"], ...draft })

  const labels = (identifier: string) => linear.issueByIdentifier(identifier)?.labels ?? []

  const labelled = (identifier: string, label: string) =>
    eventually(
      `${identifier} has the label ${label}`,
      Effect.sync(() => labels(identifier)),
      (found) => found.includes(label)
    )

  const comments = (identifier: string) =>
    (linear.issueByIdentifier(identifier)?.comments ?? []).map(({ body }) => body)

  return { issue, labels, labelled, comments }
}
