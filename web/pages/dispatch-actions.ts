import { html, nothing } from "lit"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import { cancelDispatch, retryDispatch } from "../data/dispatches.ts"
import { asFailure } from "../data/Failure.ts"
import "../elements/action-button.ts"
import { NoticeEvent } from "../elements/Notice.ts"
import { terms } from "../strings/terms.ts"
import { words } from "../strings/dispatches.ts"
import { ask, confirm } from "./ask.ts"

export const canCancel = (dispatch: Dispatch) =>
  dispatch.outcome === null && dispatch.stopRequestedAt === null

export const canRetry = (dispatch: Dispatch) => dispatch.settledAt !== null

/** Asks, then stops the dispatch. */
export const cancel = (host: EventTarget, { id, issueIdentifier, owner, repo }: Dispatch) =>
  confirm(
    host,
    {
      title: words.cancelTitle(issueIdentifier),
      body: words.cancelBody(`${owner}/${repo}`),
      action: words.cancelDo,
      danger: true
    },
    () => cancelDispatch(id),
    () => words.cancelled(issueIdentifier)
  )

/** Asks once for all of them, then stops each; false when the operator goes back. */
export const cancelAll = async (host: EventTarget, dispatches: ReadonlyArray<Dispatch>) => {
  const identifiers = dispatches.map(({ issueIdentifier }) => issueIdentifier)
  const yes = await ask({
    title: words.cancelManyTitle(dispatches.length),
    body: words.cancelManyBody(identifiers),
    action: words.cancelMany(dispatches.length),
    danger: true
  })
  if (yes === null) return false
  const answers = await Promise.allSettled(dispatches.map(({ id }) => cancelDispatch(id)))
  const refused = answers.filter((answer) => answer.status === "rejected")
  const first = refused[0]
  host.dispatchEvent(
    first === undefined
      ? new NoticeEvent(words.cancelledMany(answers.length), "done")
      : new NoticeEvent(
          words.cancelledSome(
            answers.length - refused.length,
            refused.length,
            asFailure(first.reason).message
          ),
          "failed"
        )
  )
  return true
}

/** Asks, then dispatches the issue again; `next` gets the new dispatch. */
export const retry = (
  host: EventTarget,
  { id, issueIdentifier, phase }: Dispatch,
  next?: (dispatch: Dispatch) => void
) =>
  confirm(
    host,
    {
      title: words.retryTitle(issueIdentifier),
      body: words.retryBody(terms.phase[phase]),
      action: words.retryDo
    },
    () => retryDispatch(id),
    (dispatch) => {
      next?.(dispatch)
      return words.retried(issueIdentifier)
    }
  )

const button = (text: string, { issueIdentifier }: Dispatch, run: () => Promise<unknown>) =>
  html`<action-button look="compact" .label=${`${text} ${issueIdentifier}`} .run=${run}
    >${text}</action-button
  >`

/** What a row of dispatches can do; `changed` once it was done. */
export const rowActions = (host: EventTarget, dispatch: Dispatch, changed: () => void) => {
  if (canCancel(dispatch)) {
    return button(words.cancel, dispatch, () => cancel(host, dispatch).then(changed))
  }
  if (!canRetry(dispatch) || dispatch.status === "succeeded") return nothing
  return button(words.retry, dispatch, () => retry(host, dispatch).then(changed))
}
