import { html, type TemplateResult } from "lit"
import "../../elements/error-state.ts"
import "../../elements/loading-state.ts"

export interface Loadable<A> {
  readonly value: A | undefined
  readonly failure: { readonly kind: string; readonly message: string } | undefined
  readonly refresh: () => void
}

/** The value, or that it is loading, or why it could not be loaded; the shell says when it is away. */
export const loaded = <A>(source: Loadable<A>, show: (value: A) => TemplateResult): TemplateResult => {
  const { failure, refresh, value } = source
  if (value === undefined) {
    return failure === undefined
      ? html`<loading-state></loading-state>`
      : html`<error-state .message=${failure.message} @retry=${refresh}></error-state>`
  }
  if (failure === undefined || failure.kind === "unreachable") return show(value)
  return html`<p class="note failed" role="alert">${failure.message}</p>
    ${show(value)}`
}
