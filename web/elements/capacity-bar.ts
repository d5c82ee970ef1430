import { css, html, LitElement } from "lit"
import { customElement, property } from "lit/decorators.js"
import { words } from "../strings/overview.ts"
import { base } from "../styles/base.ts"
import { styled } from "../lib/styled.ts"

const maxMarks = 40

/** Used slots of a team: one mark per slot, or one bar when there are many. */
@customElement("capacity-bar")
export class CapacityBar extends LitElement {
  static override readonly styles = [
    base,
    css`
      div {
        display: flex;
        gap: 2px;
        height: 0.5rem;
        border-radius: 1px;
        overflow: hidden;
      }
      .whole {
        background: var(--track);
      }
      i {
        flex: 1;
        background: var(--track);
      }
      .whole i {
        flex: none;
      }
      i.used {
        background: var(--running);
      }
      i.over {
        background: var(--failed);
      }
    `
  ]

  @property({ type: Number }) used = 0
  @property({ type: Number }) cap = 0

  override render() {
    const { cap, used } = this
    const whole = cap > maxMarks
    return html`<div role="img" class=${whole ? "whole" : ""} aria-label=${words.slots(used, cap)}>
      ${whole ? this.#bar() : this.#slots()}
    </div>`
  }

  #slots() {
    return Array.from({ length: Math.max(this.cap, this.used) }, (_, index) => {
      const state = index >= this.cap ? "over" : index < this.used ? "used" : ""
      return html`<i class=${state}></i>`
    })
  }

  #bar() {
    const share = Math.min(100, (this.used / this.cap) * 100)
    return html`<i class=${this.used > this.cap ? "over" : "used"} ${styled({ width: `${share}%` })}></i>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "capacity-bar": CapacityBar
  }
}
