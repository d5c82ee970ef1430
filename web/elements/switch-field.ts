import { css, html } from "lit"
import { customElement, property } from "lit/decorators.js"
import { Field } from "./field.ts"

/** On or off; `input` bubbles with the new `checked` in place. */
@customElement("switch-field")
export class SwitchField extends Field {
  static override readonly styles = [
    ...Field.styles,
    css`
      .field {
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 0 0.5rem;
      }
      .hint,
      .wrong {
        grid-column: 2;
      }
    `
  ]

  @property({ type: Boolean }) checked = false

  override render() {
    return html`<div class="field">
      <input
        id="control"
        type="checkbox"
        .checked=${this.checked}
        aria-describedby="hint wrong"
        aria-invalid=${this.invalid}
        @input=${this.#switched}
      />
      <label for="control">${this.label}</label>
      ${this.below()}
    </div>`
  }

  readonly #switched = ({ target }: Event) => {
    if (target instanceof HTMLInputElement) this.checked = target.checked
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "switch-field": SwitchField
  }
}
