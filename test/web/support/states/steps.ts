import { page, userEvent } from "vitest/browser"
import type { EventType } from "../../../../src/domain/Event.ts"
import { refusal, type Service, unauthorized } from "../Service.ts"

export interface State {
  readonly name: string
  /** What the service is like before the page is opened. */
  readonly given?: (service: Service) => void
  /** After the address of the page. */
  readonly at?: string
  readonly signedOut?: true
  /** What leads to it from the open page. */
  readonly by?: (service: Service) => Promise<unknown>
  /** What is then seen; null for the page itself. */
  readonly says: string | RegExp | null
}

export interface PageStates {
  /** The calls without which there is nothing to show. */
  readonly filledBy: ReadonlyArray<string>
  /** Null where there is always something. */
  readonly empty: Omit<State, "name"> | null
  readonly more: ReadonlyArray<State>
}

export const press = (name: string | RegExp) => userEvent.click(page.getByRole("button", { name }).first())
export const fill = (label: string, text: string) =>
  userEvent.fill(page.getByLabelText(label, { exact: true }), text)
export const choose = (label: string, option: string) =>
  userEvent.selectOptions(page.getByLabelText(label, { exact: true }), option)
export const seen = (text: string | RegExp) => page.getByText(text).first().findElement()

export const noneMatches: State = {
  name: "nothing found",
  at: "?q=zzz",
  says: /matche?s? the (filters|search)$/
}
export const invalid = (path: string, message: string) =>
  refusal(400, "Invalid", "1 field is not valid.", { issues: [{ path, message }] })
/** A session that ends over a half-filled form, and a new one. */
export const outAndIn = async (service: Service, call: string, type: EventType) => {
  service.answers(call, unauthorized)
  service.emit(type)
  await seen(/no longer accepts/)
  service.recovers(call)
  await fill("Access code", "code")
  await press("Sign in")
}
