import { html, type TemplateResult } from "lit"
import "./error-state.ts"
import "./loading-state.ts"

export interface Loadable<A> {
  readonly value: A | undefined
  readonly failure: { readonly message: string } | undefined
  readonly refresh: () => void
}

/** The value, or that it is loading, or why it could not be loaded. */
export const polled = <A>(source: Loadable<A>, show: (value: A) => TemplateResult): TemplateResult => {
  if (source.value !== undefined) return show(source.value)
  if (source.failure === undefined) return html`<loading-state></loading-state>`
  return html`<error-state .message=${source.failure.message} @retry=${source.refresh}></error-state>`
}
