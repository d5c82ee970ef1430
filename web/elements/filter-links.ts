import { css, html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import { base } from "../styles/base.ts"

export interface FilterLink {
  readonly value: string
  readonly text: string
  readonly href: string
  readonly count?: number
}

/** One choice among a few, each a link that can be shared. */
@customElement("filter-links")
export class FilterLinks extends LitElement {
  static override readonly styles = [
    base,
    css`
      :host {
        min-width: 0;
      }
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 0 0.25rem;
        margin-left: -0.5rem;
      }
      a {
        display: inline-flex;
        align-items: center;
        gap: 0.375rem;
        min-height: 2rem;
        padding: 0 0.5rem;
        border-bottom: 2px solid transparent;
        color: var(--muted);
        text-decoration: none;
        white-space: nowrap;
      }
      a:hover {
        color: var(--text);
      }
      a[aria-current] {
        border-color: var(--accent);
        color: var(--text);
        font-weight: var(--strong);
      }
      span {
        font-size: var(--small);
        font-weight: 400;
      }
      @media (max-width: 47.99rem) {
        nav {
          flex-wrap: nowrap;
          overflow-x: auto;
          scrollbar-width: none;
        }
      }
    `
  ]

  @property() label = ""
  @property() value = ""
  @property({ attribute: false }) links: ReadonlyArray<FilterLink> = []

  override render() {
    return html`<nav aria-label=${this.label}>
      ${this.links.map(
        ({ count, href, text, value }) =>
          html`<a href=${href} aria-current=${value === this.value ? "true" : nothing}
            >${text}${count === undefined ? nothing : html` <span>${count}</span>`}</a
          >`
      )}
    </nav>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "filter-links": FilterLinks
  }
}
