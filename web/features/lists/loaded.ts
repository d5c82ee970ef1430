import { html, type TemplateResult } from "lit"
import "../../elements/error-state.ts"
import "../../elements/loading-state.ts"

export interface Loadable<A> {
  readonly value: A | undefined
  readonly failure: { readonly kind: string; readonly name: string; readonly message: string } | undefined
  readonly refresh: () => void
}

/** What to show for an address of nothing: its heading, and a link to what there is. */
export interface Missing {
  readonly heading: string
  readonly href: string
  readonly text: string
}

/** The value, or that it is loading, or why it could not be loaded; the shell says when it is away. */
export const loaded = <A>(
  source: Loadable<A>,
  show: (value: A) => TemplateResult,
  missing?: Missing
): TemplateResult => {
  const { failure, refresh, value } = source
  if (value === undefined) {
    if (failure === undefined) return html`<loading-state></loading-state>`
    if (missing === undefined || !(failure.name === "NotFound" || failure.name === "Invalid")) {
      return html`<error-state .message=${failure.message} @retry=${refresh}></error-state>`
    }
    const { heading, href, text } = missing
    return html`<error-state .heading=${heading} .message=${failure.message}
      ><a href=${href}>${text}</a></error-state
    >`
  }
  if (failure === undefined || failure.kind === "unreachable") return show(value)
  return html`<p class="note failed" role="alert">${failure.message}</p>
    ${show(value)}`
}
