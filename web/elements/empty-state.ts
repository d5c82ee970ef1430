import { css, html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import { base } from "../styles/base.ts"
import { icons } from "../lib/icons.ts"

/** Nothing to show, why, and (slotted) the next step. */
@customElement("empty-state")
export class EmptyState extends LitElement {
  static override readonly styles = [
    base,
    css`
      :host {
        padding: 4rem 1rem;
        border-top: 1px solid var(--hairline);
        text-align: center;
      }
      svg {
        width: 1.5rem;
        height: 1.5rem;
        margin: 0 auto 0.75rem;
        color: var(--edge);
      }
      p {
        max-width: 32rem;
        margin: 0 auto;
      }
      .title {
        font-weight: var(--strong);
      }
      .next {
        margin-top: 1rem;
      }
    `
  ]

  @property() heading = ""
  @property() hint = ""

  override render() {
    return html`${icons.dashedCircle}
      <p class="title">${this.heading}</p>
      ${this.hint === "" ? nothing : html`<p class="muted">${this.hint}</p>`}
      <div class="next"><slot></slot></div>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "empty-state": EmptyState
  }
}
