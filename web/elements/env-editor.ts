import { css, html, LitElement, nothing } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import { words } from "../strings/mapping.ts"
import { base } from "../styles/base.ts"
import { fields } from "../styles/fields.ts"
import { icons } from "../lib/icons.ts"
import { onceReleased } from "../lib/released.ts"

export interface Variable {
  readonly name: string
  readonly value: string
}

const valueOf = ({ target }: Event) => (target instanceof HTMLInputElement ? target.value : "")

/** Names and values, the values hidden until shown; emits `input` with the new `env` in place. */
@customElement("env-editor")
export class EnvEditor extends LitElement {
  static override readonly styles = [
    base,
    fields,
    css`
      :host {
        display: grid;
        gap: 0.5rem;
      }
      .variable {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) max-content;
        gap: 0.25rem 0.5rem;
      }
      .wrong {
        grid-column: 1 / -1;
      }
      .more {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 1rem;
      }
      .show {
        display: flex;
        gap: 0.5rem;
      }
    `
  ]

  @property({ attribute: false }) env: ReadonlyArray<Variable> = []
  @property({ attribute: false }) wrong: (name: string) => string | undefined = () => undefined
  @state() private shown = false
  @state() private left: ReadonlySet<string> = new Set()

  override render() {
    return html`<p class="hint">${words.envHint}</p>
      ${this.env.map((variable, index) => this.#variable(variable, index))}
      <div class="more">
        <button type="button" @click=${this.#add}>${icons.plus}${words.envAdd}</button>
        ${
          this.env.length === 0
            ? nothing
            : html`<label class="show"
                ><input type="checkbox" .checked=${this.shown} @change=${this.#show} />${words.envShow}</label
              >`
        }
      </div>`
  }

  #variable({ name, value }: Variable, index: number) {
    const wrong = this.left.has(name) ? this.wrong(name) : undefined
    return html`<div class="variable">
      <input
        class="mono"
        aria-label="${words.envName} ${index + 1}"
        placeholder=${words.envName}
        autocomplete="off"
        spellcheck="false"
        .value=${name}
        aria-invalid=${wrong === undefined ? nothing : "true"}
        aria-describedby="wrong-${index}"
        @input=${(event: Event) => this.#set(index, { name: valueOf(event), value })}
        @blur=${() => this.#leave(name)}
      />
      <input
        class="mono"
        type=${this.shown ? "text" : "password"}
        aria-label="${words.envValue} ${index + 1}"
        placeholder=${words.envValue}
        autocomplete="off"
        .value=${value}
        @input=${(event: Event) => this.#set(index, { name, value: valueOf(event) })}
      />
      <button
        type="button"
        class="quiet"
        aria-label=${words.envRemove(name)}
        @click=${() => this.#set(index, null)}
      >
        ${icons.minus}
      </button>
      <p class="wrong" id="wrong-${index}">
        ${wrong === undefined ? nothing : html`${icons.cross}${name} ${wrong}`}
      </p>
    </div>`
  }

  showWrong() {
    this.left = new Set(this.env.map(({ name }) => name))
  }

  #set(index: number, variable: Variable | null) {
    this.env = this.env.toSpliced(index, 1, ...(variable === null ? [] : [variable]))
    if (variable === null) this.dispatchEvent(new Event("input", { bubbles: true, composed: true }))
  }

  #leave(name: string) {
    onceReleased(() => {
      this.left = new Set([...this.left, name])
    })
  }

  readonly #add = async () => {
    this.env = [...this.env, { name: "", value: "" }]
    this.dispatchEvent(new Event("input", { bubbles: true, composed: true }))
    await this.updateComplete
    const names = this.renderRoot.querySelectorAll<HTMLInputElement>(".variable input:first-child")
    names[names.length - 1]?.focus()
  }

  readonly #show = () => {
    this.shown = !this.shown
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "env-editor": EnvEditor
  }
}
