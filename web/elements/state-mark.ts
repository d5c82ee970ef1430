import { css, html, LitElement } from "lit"
import { customElement, property } from "lit/decorators.js"
import { type Tone, tones } from "../styles/tones.ts"
import { type IconName, icons } from "../lib/icons.ts"

/** A state as shape, colour and (slotted) word; only what runs or went wrong colours its word. */
@customElement("state-mark")
export class StateMark extends LitElement {
  static override readonly styles = [
    tones,
    css`
      :host {
        display: inline-flex;
        align-items: baseline;
        gap: 0.375rem;
        white-space: nowrap;
      }
      svg {
        display: block;
      }
      .shape {
        flex: none;
        align-self: center;
      }
      .text:not(.running, .failed, .neutral) {
        color: inherit;
      }
      @media (prefers-reduced-motion: no-preference) {
        .pulse {
          animation: pulse 2s ease-in-out infinite;
        }
      }
      @keyframes pulse {
        50% {
          opacity: 0.35;
        }
      }
    `
  ]

  @property() icon: IconName = "dot"
  @property() tone: Tone = "neutral"

  override render() {
    return html`<span class="shape ${this.tone}">${icons[this.icon]}</span
      ><span class="text ${this.tone}">${this.word()}</span>`
  }

  protected word(): unknown {
    return html`<slot></slot>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "state-mark": StateMark
  }
}
