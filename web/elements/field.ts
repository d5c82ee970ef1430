import { css, html, LitElement, nothing } from "lit"
import { property, query } from "lit/decorators.js"
import { base } from "../styles/base.ts"
import { fields } from "../styles/fields.ts"
import { icons } from "../lib/icons.ts"

/** What every field of a form has: a name, its label, a hint, and what is wrong with it. */
export abstract class Field extends LitElement {
  static override readonly shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true }
  static override readonly styles = [
    base,
    fields,
    css`
      input:not([type="checkbox"], [type="radio"]),
      select {
        width: 100%;
      }
      .wrong svg {
        margin-top: 0.125rem;
        width: 0.875rem;
        height: 0.875rem;
      }
    `
  ]

  @property() name = ""
  @property() label = ""
  @property() hint = ""
  @property() wrong = ""
  @query("input, select, textarea") protected readonly control!: HTMLElement

  protected below() {
    return html`<p class="hint" id="hint">${this.hint}</p>
      <p class="wrong" id="wrong">
        ${this.wrong === "" ? nothing : html`${icons.cross}<span>${this.wrong}</span>`}
      </p>`
  }

  protected get invalid() {
    return this.wrong === "" ? nothing : "true"
  }
}
