import { html, LitElement } from "lit"
import { customElement, property } from "lit/decorators.js"
import { strings } from "../strings/shell.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"

/** System, light or dark; emits `change`. */
@customElement("theme-switch")
export class ThemeSwitch extends LitElement {
  static override readonly styles = [base, controls]

  @property() theme: keyof typeof strings.shell.themes = "system"

  override render() {
    const words = strings.shell.themes
    return html`<select aria-label=${strings.shell.theme} @change=${this.#change}>
      ${(["system", "light", "dark"] as const).map(
        (theme) => html`<option value=${theme} ?selected=${theme === this.theme}>${words[theme]}</option>`
      )}
    </select>`
  }

  readonly #change = ({ target }: Event) => {
    if (!(target instanceof HTMLSelectElement)) return
    this.theme = target.value === "light" || target.value === "dark" ? target.value : "system"
    this.dispatchEvent(new Event("change"))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "theme-switch": ThemeSwitch
  }
}
