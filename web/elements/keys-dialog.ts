import { css, html, LitElement } from "lit"
import { customElement, property, query } from "lit/decorators.js"
import { strings } from "../strings/shell.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { dialog } from "../styles/dialog.ts"

/** The list of keys. */
@customElement("keys-dialog")
export class KeysDialog extends LitElement {
  static override readonly styles = [
    base,
    controls,
    dialog,
    css`
      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: 0.5rem 1.5rem;
        margin: 1rem 0 1.5rem;
      }
      form {
        text-align: end;
      }
    `
  ]

  @property({ attribute: false }) keys: ReadonlyArray<readonly [string, string]> = []
  @query("dialog") private readonly dialog!: HTMLDialogElement

  async show() {
    await this.updateComplete
    this.dialog.showModal()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.dialog.addEventListener("close", () => resolve(), { once: true })
    return promise
  }

  override render() {
    return html`<dialog aria-labelledby="title">
      <h2 id="title">${strings.keys.title}</h2>
      <dl>
        ${this.keys.map(
          ([keys, what]) =>
            html`<dt>${keys.split(" ").map((key) => html`<kbd>${key}</kbd> `)}</dt>
              <dd>${what}</dd>`
        )}
      </dl>
      <form method="dialog"><button type="submit">${strings.keys.close}</button></form>
    </dialog>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "keys-dialog": KeysDialog
  }
}
