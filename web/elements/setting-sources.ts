import { css, html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import { words } from "../strings/settings.ts"
import { base } from "../styles/base.ts"
import { icons } from "../lib/icons.ts"

export interface Source {
  readonly from: string
  readonly value: string | null
  readonly wins: boolean
}

/** The sources of a setting by precedence, and the one in effect. */
@customElement("setting-sources")
export class SettingSources extends LitElement {
  static override readonly styles = [
    base,
    css`
      table {
        width: 100%;
        max-width: 32rem;
        border-collapse: collapse;
        table-layout: fixed;
      }
      th,
      td {
        height: 1.75rem;
        padding: 0 0.5rem 0 0;
        border-bottom: 1px solid var(--hairline);
        color: var(--muted);
        font-weight: 400;
        overflow-wrap: anywhere;
        text-align: start;
      }
      th {
        width: 7rem;
      }
      td:last-child {
        width: 4.5rem;
        padding: 0;
        text-align: end;
      }
      .wins th,
      .wins td {
        color: var(--text);
      }
      .used {
        display: inline-flex;
        align-items: center;
        gap: 0.25rem;
        font-size: var(--small);
      }
      .used svg {
        color: var(--succeeded);
      }
    `
  ]

  @property() label = ""
  @property({ attribute: false }) sources: ReadonlyArray<Source> = []

  override render() {
    return html`<table aria-label=${this.label}>
      ${this.sources.map(
        ({ from, value, wins }) =>
          html`<tr class=${wins ? "wins" : ""}>
            <th scope="row">${from}</th>
            <td class="mono" title=${value ?? nothing}>${value ?? words.nothing}</td>
            <td>${wins ? html`<span class="used">${icons.check}${words.inUse}</span>` : nothing}</td>
          </tr>`
      )}
    </table>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "setting-sources": SettingSources
  }
}
