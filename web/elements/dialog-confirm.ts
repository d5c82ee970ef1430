import { css, html, LitElement, nothing } from "lit"
import { customElement, property, query, state } from "lit/decorators.js"
import { strings } from "../strings/shell.ts"
import { base } from "../styles/base.ts"
import { fields } from "../styles/fields.ts"
import { dialog } from "../styles/dialog.ts"
import { SwitchField } from "./switch-field.ts"
import "./switch-field.ts"
import "./text-field.ts"
import type { TextField } from "./text-field.ts"

export interface Question {
  readonly title: string
  readonly body: unknown
  readonly action: string
  readonly danger?: boolean
  /** Asks for a text too, under this label. */
  readonly text?: string
  /** The most characters of the text. */
  readonly max?: number
  readonly choice?: string
  readonly required?: boolean
}

/** Asks before something is done; `ask` answers the text (or ""), or null for "go back". */
@customElement("dialog-confirm")
export class DialogConfirm extends LitElement {
  static override readonly styles = [
    base,
    fields,
    dialog,
    css`
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
      .body {
        color: var(--muted);
        overflow-wrap: anywhere;
      }
    `
  ]

  @property() text = ""
  @property({ type: Boolean }) chosen = false
  @state() private question: Question | undefined
  @state() private wrong = ""
  @query("dialog") private readonly dialog!: HTMLDialogElement
  @query("text-field") private readonly field!: TextField | null
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

  readonly close = () => this.dialog.close("")

  override render() {
    const { question } = this
    return html`<dialog aria-labelledby="title" aria-describedby="body" @close=${this.#closed}>
      ${
        question === undefined
          ? nothing
          : html`<form method="dialog" @submit=${this.#submit}>
              <h2 id="title">${question.title}</h2>
              <div class="body" id="body">${question.body}</div>
              ${
                question.text === undefined
                  ? nothing
                  : html`<text-field
                      kind="lines"
                      .max=${question.max ?? 2000}
                      .label=${question.text}
                      .value=${this.text}
                      .wrong=${this.wrong}
                      @input=${this.#typed}
                    ></text-field>`
              }
              ${
                question.choice === undefined
                  ? nothing
                  : html`<switch-field
                      .label=${question.choice}
                      .checked=${this.chosen}
                      @input=${this.#choose}
                    ></switch-field>`
              }
              <menu>
                <button type="button" @click=${this.close}>${strings.confirm.keep}</button>
                <button type="submit" value="yes" class="primary ${question.danger === true ? "danger" : ""}">
                  ${question.action}
                </button>
              </menu>
            </form>`
      }
    </dialog>`
  }

  readonly #choose = ({ currentTarget }: Event) => {
    if (currentTarget instanceof SwitchField) this.chosen = currentTarget.checked
  }

  readonly #typed = () => {
    this.text = this.field?.value ?? ""
    this.wrong = ""
  }

  readonly #submit = (event: SubmitEvent) => {
    if (this.question?.required !== true || this.text.trim() !== "") return
    event.preventDefault()
    this.wrong = strings.confirm.required
    this.field?.focus()
  }

  readonly #closed = () => {
    this.#answer?.(this.dialog.returnValue === "yes" ? this.text.trim() : null)
    this.#answer = undefined
    this.question = undefined
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "dialog-confirm": DialogConfirm
  }
}
