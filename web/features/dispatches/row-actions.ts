import { html, nothing } from "lit"
import type { Dispatch } from "../../../src/domain/Dispatch.ts"
import "../../elements/action-button.ts"
import { words } from "../../strings/dispatches.ts"

export const canCancel = (dispatch: Dispatch) =>
  dispatch.outcome === null && dispatch.stopRequestedAt === null

export const canRetry = (dispatch: Dispatch) => dispatch.settledAt !== null

const actions = () => import("./dispatch-actions.ts")

const button = (text: string, { issueIdentifier }: Dispatch, run: () => Promise<unknown>) =>
  html`<action-button look="compact" .label=${`${text} ${issueIdentifier}`} .run=${run}
    >${text}</action-button
  >`

/** What a row of dispatches can do; `changed` once it was done. */
export const rowActions = (host: EventTarget, dispatch: Dispatch, changed: () => void) => {
  if (canCancel(dispatch)) {
    return button(words.cancel, dispatch, async () => {
      await (await actions()).cancel(host, dispatch)
      changed()
    })
  }
  if (!canRetry(dispatch) || dispatch.status === "succeeded") return nothing
  return button(words.retry, dispatch, async () => {
    await (await actions()).retry(host, dispatch)
    changed()
  })
}
