import { css, html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { Alarm } from "../features/alarms/alarms.ts"
import { icons } from "../lib/icons.ts"
import { base } from "../styles/base.ts"

/** On every page while something stops the dispatching: what, why, and a link to where it is put right. */
@customElement("alarm-bar")
export class AlarmBar extends LitElement {
  static override readonly styles = [
    base,
    css`
      .alarm {
        display: flex;
        gap: 0.75rem;
        padding: 0.5rem var(--gutter);
        border-bottom: 1px solid var(--failed);
        background: color-mix(in oklab, var(--failed) 10%, var(--ground));
      }
      svg {
        flex: none;
        margin-top: 0.125rem;
        color: var(--failed);
      }
      p {
        min-width: 0;
        overflow-wrap: anywhere;
      }
    `
  ]

  @property({ attribute: false }) alarms: ReadonlyArray<Alarm> = []

  override render() {
    return this.alarms.length === 0
      ? nothing
      : html`<div role="alert">
          ${this.alarms.map(
            ({ href, link, title, why }) =>
              html`<div class="alarm">
                ${icons.warning}
                <p><strong>${title}.</strong> <span>${why}</span> <a href=${href}>${link}</a></p>
              </div>`
          )}
        </div>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "alarm-bar": AlarmBar
  }
}
