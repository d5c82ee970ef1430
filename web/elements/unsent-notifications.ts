import { css, html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { Overview } from "../../src/domain/Overview.ts"
import { sentence } from "../lib/sentence.ts"
import { words } from "../strings/notifications.ts"
import { base } from "../styles/base.ts"
import { page } from "../styles/page.ts"
import "./state-mark.ts"

/** How many notifications are not sent yet or set aside, and the last error. */
@customElement("unsent-notifications")
export class UnsentNotifications extends LitElement {
  static override readonly styles = [
    base,
    page,
    css`
      :host {
        display: block;
        padding: 0;
      }
      li {
        padding: 0.375rem 0;
        border-bottom: 1px solid var(--hairline);
      }
    `
  ]

  @property({ attribute: false }) unsent: Overview["notifications"] = {
    pending: 0,
    setAside: 0,
    lastError: null
  }

  override render() {
    const { lastError, pending, setAside } = this.unsent
    return html`<section>
      <h2>${words.notifications}</h2>
      <ul>
        ${
          pending === 0
            ? nothing
            : html`<li>
                <state-mark icon="clock" tone="waiting">${words.pendingNotifications(pending)}</state-mark>
              </li>`
        }
        ${
          setAside === 0
            ? nothing
            : html`<li>
                <state-mark icon="box" tone="failed">${words.setAside(setAside)}</state-mark>
              </li>`
        }
      </ul>
      ${lastError === null ? nothing : html`<p class="note failed">${sentence(lastError)}</p>`}
    </section>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "unsent-notifications": UnsentNotifications
  }
}
