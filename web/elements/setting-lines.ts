import { css, html, LitElement } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import { type SettingLine, settingLines } from "../lib/setting-lines.ts"
import { words } from "../strings/setup-page.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"

const forms = ["env", "fly", "docker"] as const
type Form = (typeof forms)[number]

/** Settings to copy, once for each way to run the service. */
@customElement("setting-lines")
export class SettingLines extends LitElement {
  static override readonly styles = [
    base,
    controls,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.5rem 1rem;
        margin-top: 0.75rem;
      }
      pre {
        margin-top: 0.25rem;
        padding: 0.5rem 0.75rem;
        max-height: 7rem;
        overflow: auto;
        border: 1px solid var(--hairline);
        border-radius: var(--radius);
        font: var(--small) / 1.25rem var(--mono);
      }
    `
  ]

  @property({ attribute: false }) lines: ReadonlyArray<SettingLine> = []
  @state() private said = ""

  override render() {
    return html`${forms.map(
        (form) =>
          html`<div>
              <h3>${words.forms[form]}</h3>
              <button type="button" class="compact" @click=${() => this.#copy(form)}>
                ${words.copy(words.forms[form])}
              </button>
            </div>
            <pre tabindex="0" role="region" aria-label=${words.forms[form]} data-form=${form}>
${settingLines[form](this.lines)}</pre>`
      )}
      <p role="status" class="small muted">${this.said}</p>`
  }

  async #copy(form: Form) {
    try {
      await navigator.clipboard.writeText(settingLines[form](this.lines))
      this.said = words.copied
    } catch {
      const text = this.renderRoot.querySelector(`[data-form=${form}]`)
      if (text !== null) getSelection()?.selectAllChildren(text)
      this.said = words.notCopied
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "setting-lines": SettingLines
  }
}
