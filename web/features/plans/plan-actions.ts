import { approvePlan, rejectPlan } from "../../data/issues.ts"
import { words } from "../../strings/issues.ts"
import { confirm } from "../actions/ask.ts"
import { perform } from "../actions/perform.ts"

interface Named {
  readonly issueId: string
  readonly identifier: string
}

export const approve = (host: EventTarget, { identifier, issueId }: Named) =>
  perform(
    host,
    () => approvePlan(issueId),
    () => words.approved(identifier)
  )

/** Asks for the reason, then rejects the plan. */
export const reject = (host: EventTarget, { identifier, issueId }: Named) =>
  confirm(
    host,
    {
      title: words.rejectTitle(identifier),
      body: words.rejectBody,
      action: words.rejectDo,
      text: words.rejectReason,
      max: 4000,
      required: true,
      keep: `reject ${identifier}`
    },
    (reason) => rejectPlan(issueId, reason),
    () => words.rejected(identifier)
  )
