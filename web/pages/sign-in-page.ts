import * as DateTime from "effect/DateTime"
import { css, html, LitElement, nothing } from "lit"
import { customElement, query, state } from "lit/decorators.js"
import { signIn } from "../data/auth.ts"
import { asFailure } from "../data/Failure.ts"
import { session } from "../data/session.ts"
import { icons } from "../lib/icons.ts"
import "../elements/relative-time.ts"
import { strings } from "../strings/shell.ts"
import { words } from "../strings/sign-in.ts"
import { base } from "../styles/base.ts"
import { fields } from "../styles/fields.ts"
import { page } from "../styles/page.ts"

/** The code, and a name for the audit; says why the last session ended. */
@customElement("sign-in-page")
export class SignInPage extends LitElement {
  static override readonly styles = [
    base,
    fields,
    page,
    css`
      :host {
        display: grid;
        min-height: 100dvh;
        place-items: center;
        padding: 1rem;
        background: var(--chrome);
      }
      form {
        display: grid;
        gap: 1.5rem;
        width: min(24rem, 100%);
        margin-bottom: 8vh;
        padding: 2rem;
        border: 1px solid var(--hairline);
        border-radius: var(--round);
        background: var(--ground);
      }
      .brand {
        display: flex;
        align-items: center;
        gap: 0.75rem;
      }
      .brand svg {
        width: 1.5rem;
        height: 1.5rem;
        color: var(--accent);
      }
      input,
      button {
        min-height: 2.5rem;
      }
    `
  ]

  @state() private busy = false
  @state() private wrong = ""
  @state() private lockedUntil: DateTime.Utc | undefined
  @query("#code") private readonly code!: HTMLInputElement
  @query("#name") private readonly name!: HTMLInputElement

  override firstUpdated() {
    this.code.focus()
  }

  override render() {
    const ended = session.endedBecause
    return html`<form @submit=${this.#submit} novalidate>
      <div class="brand">
        ${icons.mark}
        <h1>${strings.product}</h1>
      </div>
      ${
        ended === null || this.wrong !== ""
          ? nothing
          : html`<div class="note" role="status">
              <p>${words.ended[ended]} ${ended === "left" ? nothing : words.restored}</p>
            </div>`
      }
      <div class="field">
        <label for="code">${words.code}</label>
        <input
          id="code"
          type="password"
          autocomplete="current-password"
          maxlength="1024"
          required
          aria-describedby="code-hint wrong"
          aria-invalid=${this.wrong === "" ? nothing : "true"}
        />
        <p class="hint" id="code-hint">${words.codeHint}</p>
        <div id="wrong" role="alert">
          ${
            this.wrong === ""
              ? nothing
              : html`<p class="wrong">
                  ${icons.cross}<span
                    >${this.wrong}
                    ${
                      this.lockedUntil === undefined
                        ? nothing
                        : html`${words.locked} <relative-time .at=${this.lockedUntil}></relative-time>.`
                    }</span
                  >
                </p>`
          }
        </div>
      </div>
      <div class="field">
        <label for="name">${words.name}</label>
        <input
          id="name"
          autocomplete="name"
          maxlength="64"
          .value=${session.rememberedName}
          aria-describedby="name-hint"
        />
        <p class="hint" id="name-hint">${words.nameHint}</p>
      </div>
      <button class="primary" aria-busy=${this.busy}>${words.submit}</button>
    </form>`
  }

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (this.busy) return
    this.lockedUntil = undefined
    if (this.code.value === "") {
      this.wrong = words.codeMissing
      this.code.focus()
      return
    }
    this.busy = true
    this.wrong = ""
    try {
      await signIn(this.code.value, this.name.value)
    } catch (thrown) {
      const { message, retryAfter } = asFailure(thrown)
      this.wrong = retryAfter === null ? message : words.lockedOut
      if (retryAfter !== null) {
        this.lockedUntil = DateTime.add(DateTime.nowUnsafe(), { seconds: retryAfter })
      }
      this.code.select()
    } finally {
      this.busy = false
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "sign-in-page": SignInPage
  }
}
