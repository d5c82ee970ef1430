import { html, nothing } from "lit"
import type { Issue } from "../../../src/domain/Issue.ts"
import type { ReasonTag } from "../../../src/domain/Reason.ts"
import { dispatchIssue, resetIssue, unparkIssue } from "../../data/issues.ts"
import "../../elements/action-button.ts"
import { words } from "../../strings/issues.ts"
import { confirm } from "../actions/ask.ts"
import { perform } from "../actions/perform.ts"
import { approve, reject } from "../plans/plan-actions.ts"
import { remove } from "./dedup-actions.ts"

const passable: ReadonlySet<ReasonTag | undefined> = new Set([
  "paused",
  "blocked",
  "held",
  "parked",
  "dedup",
  "backing_off",
  "lost_race"
])

const reset = (host: EventTarget, { identifier, issueId, reason }: Issue) =>
  confirm(
    host,
    {
      title: words.resetTitle(identifier),
      body: words.resetBody(reason?._tag === "labelled_elsewhere" ? reason.label : ""),
      action: words.reset,
      danger: true
    },
    () => resetIssue(issueId),
    () => words.resetDone(identifier)
  )

/** The buttons for what an operator can do about an issue now; `changed` is called after each. */
export const issueActions = (host: EventTarget, issue: Issue, changed: () => void) => {
  const { identifier, issueId, reason } = issue
  const tag = reason?._tag
  const button = (text: string, run: () => Promise<unknown>) =>
    html`<action-button
      look="compact"
      .label=${`${text} ${identifier}`}
      .run=${async () => {
        await run()
        changed()
      }}
      >${text}</action-button
    >`
  const done = (action: () => Promise<unknown>, text: string) => () => perform(host, action, () => text)
  const unpark = () => unparkIssue(issueId)
  return html`${
    tag === "waiting_approval"
      ? html`${button(words.approve, () => approve(host, issue))}
        ${button(words.reject, () => reject(host, issue))}`
      : nothing
  }
  ${tag === "parked" ? button(words.unpark, done(unpark, words.unparked(identifier))) : nothing}
  ${tag === "held" ? button(words.release, done(unpark, words.released(identifier))) : nothing}
  ${tag === "dedup" ? button(words.clearDedup, () => remove(host, issueId, identifier)) : nothing}
  ${tag === "labelled_elsewhere" ? button(words.reset, () => reset(host, issue)) : nothing}
  ${
    passable.has(tag)
      ? button(
          words.dispatchNow,
          done(() => dispatchIssue(issueId), words.dispatched(identifier))
        )
      : nothing
  }`
}
