import { html, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import { Field } from "./field.ts"

/** A line of text, or several; `input` bubbles with the new `value` in place. */
@customElement("text-field")
export class TextField extends Field {
  @property() value = ""
  @property() kind: "text" | "password" | "lines" = "text"
  @property() placeholder = ""
  @property() autocomplete = "off"
  @property({ type: Number }) max = 1024
  @property({ type: Boolean }) mono = false
  @property({ type: Boolean }) numeric = false

  override render() {
    return html`<div class="field">
      <label for="control">${this.label}</label>
      ${
        this.kind === "lines"
          ? html`<textarea
              id="control"
              maxlength=${this.max}
              placeholder=${this.placeholder}
              .value=${this.value}
              aria-describedby="hint wrong"
              aria-invalid=${this.invalid}
              @input=${this.#typed}
            ></textarea>`
          : html`<input
              id="control"
              type=${this.kind}
              class=${this.mono ? "mono" : ""}
              inputmode=${this.numeric ? "numeric" : nothing}
              maxlength=${this.max}
              placeholder=${this.placeholder}
              autocomplete=${this.autocomplete as AutoFill}
              autocapitalize="none"
              spellcheck="false"
              .value=${this.value}
              aria-describedby="hint wrong"
              aria-invalid=${this.invalid}
              @input=${this.#typed}
              @keydown=${this.#key}
            />`
      }
      ${this.below()}
    </div>`
  }

  select() {
    if (this.control instanceof HTMLInputElement) this.control.select()
  }

  /** Enter sends the form, as it does from a field that is not in an element of its own. */
  readonly #key = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.isComposing) return
    const form = this.closest("form")
    form?.requestSubmit(form.querySelector<HTMLButtonElement>("button:not([type=button])"))
  }

  readonly #typed = ({ target }: Event) => {
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) this.value = target.value
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "text-field": TextField
  }
}
