import { css, html, LitElement } from "lit"
import { customElement, property } from "lit/decorators.js"
import { type IconName, icons } from "./icons.ts"

/** A state as shape, colour and (slotted) word. */
@customElement("state-mark")
export class StateMark extends LitElement {
  static override readonly styles = css`
    :host {
      display: inline-flex;
      align-items: baseline;
      gap: 0.375rem;
      white-space: nowrap;
    }
    svg {
      flex: none;
      align-self: center;
    }
    :host([tone="running"]) {
      color: var(--running);
    }
    :host([tone="waiting"]) {
      color: var(--waiting);
    }
    :host([tone="succeeded"]) {
      color: var(--succeeded);
    }
    :host([tone="failed"]) {
      color: var(--failed);
    }
    :host([tone="neutral"]) {
      color: var(--muted);
    }
  `

  @property() icon: IconName = "dot"
  @property({ reflect: true }) tone = "neutral"

  override render() {
    return html`${icons[this.icon]}<slot></slot>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "state-mark": StateMark
  }
}
