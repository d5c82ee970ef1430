import { css, html, LitElement, svg } from "lit"
import { customElement, property } from "lit/decorators.js"
import { words } from "../strings/overview.ts"
import { base } from "../styles/base.ts"

const most = 40

/** Used slots of a team: one mark per slot, or one bar when there are many. */
@customElement("capacity-bar")
export class CapacityBar extends LitElement {
  static override readonly styles = [
    base,
    css`
      svg {
        width: 100%;
        height: 0.5rem;
        overflow: visible;
      }
      rect {
        fill: var(--track);
      }
      rect.used {
        fill: var(--running);
      }
      rect.over {
        fill: var(--failed);
      }
    `
  ]

  @property({ type: Number }) used = 0
  @property({ type: Number }) cap = 0

  override render() {
    return html`<div role="img" aria-label=${words.slots(this.used, this.cap)}>
      <svg preserveAspectRatio="none">${this.cap > most ? this.#bar() : this.#slots()}</svg>
    </div>`
  }

  #slots() {
    const count = Math.max(this.cap, this.used, 1)
    const width = 100 / count
    return Array.from({ length: count }, (_, index) => {
      const state = index >= this.cap ? "over" : index < this.used ? "used" : ""
      return svg`<rect class=${state} x="${index * width}%" width="${width * (count > 20 ? 0.75 : 0.88)}%" height="100%" rx="1" />`
    })
  }

  #bar() {
    const share = Math.min(100, (this.used / Math.max(1, this.cap)) * 100)
    return svg`<rect width="100%" height="100%" rx="1" /><rect
      class=${this.used > this.cap ? "over" : "used"}
      width="${share}%"
      height="100%"
      rx="1"
    />`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "capacity-bar": CapacityBar
  }
}
