import { css, html, LitElement, nothing } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import type { Question } from "../../src/domain/Question.ts"
import { words } from "../strings/questions.ts"
import { base } from "../styles/base.ts"
import { fields } from "../styles/fields.ts"
import { icons } from "../lib/icons.ts"
import "./relative-time.ts"
import "./text-field.ts"
import { TextField } from "./text-field.ts"

/** What a run asks, with its answer or a form for one; emits `input` as the answer is typed. */
@customElement("run-question")
export class RunQuestion extends LitElement {
  static override readonly styles = [
    base,
    fields,
    css`
      article {
        display: grid;
        gap: 0.75rem;
        padding: 0.75rem;
        border-left: 2px solid var(--hairline);
      }
      article.open {
        border-color: var(--waiting);
        background: color-mix(in oklab, var(--waiting) 8%, var(--ground));
      }
      p {
        overflow-wrap: anywhere;
      }
      .said {
        white-space: pre-wrap;
      }
      .asked {
        display: flex;
        gap: 0.5rem;
        color: var(--muted);
      }
      form {
        display: grid;
        gap: 0.75rem;
        justify-items: start;
      }
      text-field {
        width: min(40rem, 100%);
      }
      .options {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
      }
      .options button {
        white-space: normal;
      }
    `
  ]

  @property({ attribute: false }) question: Question | undefined
  @property() text = ""
  @property({ attribute: false }) answer: (text: string) => Promise<unknown> = () => Promise.resolve()
  @state() private wrong = ""
  @state() private busy = false

  override render() {
    const { question } = this
    if (question === undefined) return nothing
    const { answer, askedAt, closedAt, expiresAt } = question
    const open = closedAt === null && answer === null
    return html`<article class=${open ? "open" : ""}>
      <p class="asked">
        ${icons.bubble}
        <span
          >${words.asked}
          <relative-time .at=${askedAt}></relative-time
          >${open ? html`, ${words.expires} <relative-time .at=${expiresAt} .passed=${words.due}></relative-time>` : nothing}</span
        >
      </p>
      <p class="said">${question.text}</p>
      ${open ? this.#form(question) : this.#answered(question)}
    </article>`
  }

  #answered({ answer }: Question) {
    if (answer === null) return html`<p class="muted">${words.unanswered}</p>`
    return html`<p class="said">${answer.text}</p>
      <p class="muted small">
        ${words.answeredBy(answer.by, words.via[answer.via])} <relative-time .at=${answer.at}></relative-time>
      </p>`
  }

  #form({ options }: Question) {
    return html`<form @submit=${this.#submit} novalidate>
      ${
        options.length === 0
          ? nothing
          : html`<div class="options" role="group" aria-label=${words.options}>
              ${options.map(
                (option) =>
                  html`<button type="button" @click=${() => this.#choose(option)}>${option}</button>`
              )}
            </div>`
      }
      <text-field
        kind="lines"
        max="10000"
        .label=${words.answer}
        .value=${this.text}
        .wrong=${this.wrong}
        @input=${this.#typed}
      ></text-field>
      <button type="submit" class="primary" aria-busy=${this.busy}>${words.send}</button>
    </form>`
  }

  #choose(option: string) {
    this.text = option
    this.wrong = ""
    this.dispatchEvent(new Event("input", { bubbles: true, composed: true }))
  }

  readonly #typed = ({ target }: Event) => {
    if (target instanceof TextField) this.text = target.value
    this.wrong = ""
  }

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (this.busy) return
    if (this.text.trim() === "") {
      this.wrong = words.required
      return
    }
    this.busy = true
    try {
      await this.answer(this.text.trim())
    } finally {
      this.busy = false
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "run-question": RunQuestion
  }
}
