import { css, html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import { base } from "../styles/base.ts"

/** Nothing to show, why, and (slotted) the next step. */
@customElement("empty-state")
export class EmptyState extends LitElement {
  static override readonly styles = [
    base,
    css`
      :host {
        padding: 3rem 1rem;
        text-align: center;
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
    return html`<p class="title">${this.heading}</p>
      ${this.hint === "" ? nothing : html`<p class="muted">${this.hint}</p>`}
      <div class="next"><slot></slot></div>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "empty-state": EmptyState
  }
}
