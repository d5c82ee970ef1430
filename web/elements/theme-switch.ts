import { css, html, LitElement } from "lit"
import { customElement, property } from "lit/decorators.js"
import { strings } from "../strings/shell.ts"
import { base } from "../styles/base.ts"
import { icons } from "../lib/icons.ts"

const themes = [
  ["system", icons.halfCircle],
  ["light", icons.sun],
  ["dark", icons.moon]
] as const

/** System, light or dark; emits `change`. */
@customElement("theme-switch")
export class ThemeSwitch extends LitElement {
  static override readonly styles = [
    base,
    css`
      fieldset {
        display: inline-flex;
        margin: 0;
        padding: 0;
        border: 1px solid var(--rim);
        border-radius: var(--radius);
      }
      label {
        display: grid;
        place-items: center;
        width: 2rem;
        height: 1.5rem;
        color: var(--muted);
        cursor: pointer;
      }
      label + label {
        border-left: 1px solid var(--rim);
      }
      label:has(:checked) {
        background: var(--track);
        color: var(--text);
      }
      label:has(:focus-visible) {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }
      input {
        position: absolute;
        opacity: 0;
        pointer-events: none;
      }
    `
  ]

  @property() theme: keyof typeof strings.shell.themes = "system"

  override render() {
    const words = strings.shell.themes
    return html`<fieldset>
      <legend class="hidden">${strings.shell.theme}</legend>
      ${themes.map(
        ([theme, icon]) =>
          html`<label title=${words[theme]}>
            <input
              type="radio"
              name="theme"
              aria-label=${words[theme]}
              value=${theme}
              .checked=${theme === this.theme}
              @change=${() => this.#choose(theme)}
            />
            ${icon}
          </label>`
      )}
    </fieldset>`
  }

  #choose(theme: ThemeSwitch["theme"]) {
    this.theme = theme
    this.dispatchEvent(new Event("change"))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "theme-switch": ThemeSwitch
  }
}
