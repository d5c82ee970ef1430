import type { Dispatch } from "../../src/domain/Dispatch.ts"
import { cancelDispatch, retryDispatch } from "../data/dispatches.ts"
import { terms } from "../strings/terms.ts"
import { words } from "../strings/dispatches.ts"
import { ask } from "./ask.ts"
import { perform } from "./perform.ts"

export const canCancel = (dispatch: Dispatch) =>
  dispatch.outcome === null && dispatch.stopRequestedAt === null

export const canRetry = (dispatch: Dispatch) => dispatch.settledAt !== null

/** Asks, then stops the dispatch. */
export const cancel = async (host: EventTarget, dispatch: Dispatch) => {
  const { id, issueIdentifier, owner, repo } = dispatch
  const yes = await ask({
    title: words.cancelTitle(issueIdentifier),
    body: words.cancelBody(`${owner}/${repo}`),
    action: words.cancelDo,
    danger: true
  })
  if (yes === null) return
  await perform(
    host,
    () => cancelDispatch(id),
    () => words.cancelled(issueIdentifier)
  )
}

/** Asks, then dispatches the issue again; answers the new dispatch. */
export const retry = async (host: EventTarget, dispatch: Dispatch) => {
  const { id, issueIdentifier, phase } = dispatch
  const yes = await ask({
    title: words.retryTitle(issueIdentifier),
    body: words.retryBody(terms.phase[phase]),
    action: words.retryDo
  })
  if (yes === null) return undefined
  let next: Dispatch | undefined
  await perform(
    host,
    async () => {
      next = await retryDispatch(id)
    },
    () => words.retried(issueIdentifier)
  )
  return next
}
