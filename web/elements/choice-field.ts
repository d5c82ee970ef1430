import { html } from "lit"
import { customElement, property } from "lit/decorators.js"
import { Field } from "./field.ts"

/** One of a few values; `input` bubbles with the new `value` in place. */
@customElement("choice-field")
export class ChoiceField extends Field {
  @property() value = ""
  @property({ attribute: false }) options: ReadonlyArray<readonly [string, string]> = []

  override render() {
    return html`<div class="field">
      <label for="control">${this.label}</label>
      <select id="control" aria-describedby="hint wrong" aria-invalid=${this.invalid} @input=${this.#chosen}>
        ${this.options.map(
          ([value, label]) => html`<option value=${value} ?selected=${value === this.value}>${label}</option>`
        )}
      </select>
      ${this.below()}
    </div>`
  }

  readonly #chosen = ({ target }: Event) => {
    if (target instanceof HTMLSelectElement) this.value = target.value
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "choice-field": ChoiceField
  }
}
