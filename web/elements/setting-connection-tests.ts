import { css, html, LitElement, nothing } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import { type ConnectionTest, ConnectionTestSubject } from "../../src/domain/ConnectionTest.ts"
import { words } from "../strings/settings.ts"
import { base } from "../styles/base.ts"
import "./action-button.ts"
import { sentence } from "../lib/sentence.ts"
import "./state-mark.ts"

/** Tests the configured connections, one at a time, and shows the results. */
@customElement("setting-connection-tests")
export class SettingConnectionTests extends LitElement {
  static override readonly styles = [
    base,
    css`
      li {
        display: grid;
        grid-template-columns: 7rem max-content minmax(0, 1fr);
        align-items: center;
        gap: 0 1rem;
        min-height: 2.5rem;
        border-bottom: 1px solid var(--hairline);
      }
      p {
        overflow-wrap: anywhere;
      }
      state-mark {
        display: flex;
        white-space: normal;
      }
    `
  ]

  /** Runs a test; null when the call failed, which the shell reports. */
  @property({ attribute: false }) run: (what: ConnectionTestSubject) => Promise<ConnectionTest | null> = () =>
    Promise.resolve(null)
  @state() private results: Partial<Record<ConnectionTestSubject, ConnectionTest>> = {}

  override render() {
    return html`<ul>
      ${ConnectionTestSubject.literals.map((what) => {
        const result = this.results[what]
        return html`<li>
          <span>${words.connectionTests[what]}</span>
          <action-button
            look="compact"
            .label=${words.tryOne(words.connectionTests[what])}
            .run=${() => this.#try(what)}
            >${words.try}</action-button
          >
          <p role="status">
            ${
              result === undefined
                ? nothing
                : html`<state-mark
                    .icon=${result.ok ? "check" : "cross"}
                    .tone=${result.ok ? "succeeded" : "failed"}
                    >${sentence(result.message)}</state-mark
                  >`
            }
          </p>
        </li>`
      })}
    </ul>`
  }

  async #try(what: ConnectionTestSubject) {
    const result = await this.run(what)
    if (result !== null) this.results = { ...this.results, [what]: result }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "setting-connection-tests": SettingConnectionTests
  }
}
