import { css, html, LitElement, nothing } from "lit"
import { customElement, query, state } from "lit/decorators.js"
import { strings } from "../strings/shell.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"

export interface Question {
  readonly title: string
  readonly body: string
  readonly action: string
  readonly danger?: boolean
  /** Asks for a text too, under this label. */
  readonly text?: string
}

/** Asks before something is done; `ask` answers the text (or ""), or null for "go back". */
@customElement("dialog-confirm")
export class DialogConfirm extends LitElement {
  static override readonly styles = [
    base,
    controls,
    css`
      dialog {
        width: min(30rem, calc(100vw - 2rem));
        padding: 1.5rem;
        border: 1px solid var(--rim);
        border-radius: 8px;
        background: var(--float);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: oklch(0 0 0 / 0.5);
      }
      form {
        display: grid;
        gap: 1rem;
      }
      menu {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: 0.5rem;
        margin: 0.5rem 0 0;
        padding: 0;
      }
      p {
        color: var(--muted);
      }
      input {
        width: 100%;
      }
    `
  ]

  @state() private question: Question | undefined
  @query("dialog") private readonly dialog!: HTMLDialogElement
  @query("input") private readonly input!: HTMLInputElement | null
  #answer: ((text: string | null) => void) | undefined

  async ask(question: Question): Promise<string | null> {
    this.question = question
    await this.updateComplete
    this.dialog.returnValue = ""
    this.dialog.showModal()
    const { promise, resolve } = Promise.withResolvers<string | null>()
    this.#answer = resolve
    return promise
  }

  override render() {
    const { question } = this
    return html`<dialog aria-labelledby="title" aria-describedby="body" @close=${this.#closed}>
      ${
        question === undefined
          ? nothing
          : html`<form method="dialog">
              <h2 id="title">${question.title}</h2>
              <p id="body">${question.body}</p>
              ${
                question.text === undefined
                  ? nothing
                  : html`<div class="field">
                      <label for="text">${question.text}</label>
                      <input id="text" maxlength="500" autocomplete="off" />
                    </div>`
              }
              <menu>
                <button type="button" @click=${this.#goBack}>${strings.confirm.keep}</button>
                <button type="submit" value="yes" class="primary ${question.danger === true ? "danger" : ""}">
                  ${question.action}
                </button>
              </menu>
            </form>`
      }
    </dialog>`
  }

  readonly #goBack = () => this.dialog.close("")

  readonly #closed = () => {
    this.#answer?.(this.dialog.returnValue === "yes" ? (this.input?.value.trim() ?? "") : null)
    this.#answer = undefined
    this.question = undefined
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "dialog-confirm": DialogConfirm
  }
}
