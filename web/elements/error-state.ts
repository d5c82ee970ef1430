import { css, html, LitElement } from "lit"
import { customElement, property } from "lit/decorators.js"
import { strings } from "../strings/shell.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { icons } from "../lib/icons.ts"

/** What could not be loaded, why, and a way to try again (event `retry`) or, in the slot, another way. */
@customElement("error-state")
export class ErrorState extends LitElement {
  static override readonly styles = [
    base,
    controls,
    css`
      :host {
        padding: 3rem 1rem;
      }
      div {
        display: grid;
        justify-items: center;
        gap: 0.5rem;
        max-width: 32rem;
        margin: 0 auto;
        text-align: center;
      }
      .shape {
        color: var(--failed);
      }
      .title {
        font-weight: var(--strong);
      }
    `
  ]

  @property() heading: string = strings.states.failed
  @property() message = ""

  override render() {
    return html`<div role="alert">
      <span class="shape">${icons.warning}</span>
      <p class="title">${this.heading}</p>
      <p class="muted">${this.message}</p>
      <slot><button type="button" @click=${this.#retry}>${strings.states.retry}</button></slot>
    </div>`
  }

  readonly #retry = () => this.dispatchEvent(new Event("retry"))
}

declare global {
  interface HTMLElementTagNameMap {
    "error-state": ErrorState
  }
}
