import type { Dispatch } from "../../../src/domain/Dispatch.ts"
import { cancelDispatch, retryDispatch } from "../../data/dispatches.ts"
import { asFailure } from "../../data/Failure.ts"
import { NoticeEvent } from "../../lib/Notice.ts"
import { terms } from "../../strings/terms.ts"
import { words } from "../../strings/dispatch-actions.ts"
import { words as dispatchesWords } from "../../strings/dispatches.ts"
import { ask, confirm } from "../actions/ask.ts"

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
    action: dispatchesWords.cancelMany(dispatches.length),
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
