import { css, html, LitElement } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { Overview } from "../../../src/domain/Overview.ts"
import { icons } from "../../lib/icons.ts"
import { setupAddress } from "./address.ts"
import { words } from "../../strings/setup.ts"
import { base } from "../../styles/base.ts"

/** The settings that are missing, and the way to the page with all steps: another document, with another policy. */
@customElement("setup-list")
export class SetupList extends LitElement {
  static override readonly styles = [
    base,
    css`
      h2 {
        font-size: var(--body);
        font-weight: var(--strong);
      }
      :host {
        display: block;
        margin-bottom: 2rem;
        padding: 0.75rem 1rem 0;
        border-left: 2px solid var(--waiting);
        background: color-mix(in oklab, var(--waiting) 8%, var(--ground));
      }
      ul {
        margin-top: 0.5rem;
      }
      li {
        display: flex;
        gap: 0.75rem;
        padding: 0.5rem 0;
        border-top: 1px solid var(--hairline);
      }
      li > svg {
        margin-top: 0.125rem;
        color: var(--waiting);
      }
      code {
        font-weight: var(--strong);
      }
      div {
        min-width: 0;
        overflow-wrap: anywhere;
      }
    `
  ]

  @property({ attribute: false }) missing: Overview["setup"] = []

  override render() {
    return html`<section>
      <h2>${words.setup}</h2>
      <p class="muted">${words.setupIntro} <a href=${setupAddress} target="_self">${words.open}</a></p>
      <ul>
        ${this.missing.map(
          ({ message, neededFor, setting }) =>
            html`<li>
              ${icons.box}
              <div>
                <p>
                  <code class="mono">${setting}</code>
                  <span class="muted">${words.neededFor(neededFor)}</span>
                </p>
                <p>${message}</p>
              </div>
            </li>`
        )}
      </ul>
    </section>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "setup-list": SetupList
  }
}
