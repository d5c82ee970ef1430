import { html, LitElement, nothing } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import type { ApiOperation as Operation, JsonSchema, RawAnswer } from "../lib/openapi.ts"
import { words } from "../strings/docs.ts"
import { apiOperation } from "../styles/api-operation.ts"
import { base } from "../styles/base.ts"
import { fields } from "../styles/fields.ts"
import "./action-button.ts"
import { exampleOf, schemaText } from "../lib/json-schema.ts"
import { TextField } from "./text-field.ts"
import "./text-field.ts"

const maxCharacters = 200_000

const pretty = (text: string) => {
  if (text === "") return words.noBody
  const cut = text.length > maxCharacters ? `${text.slice(0, maxCharacters)}\n…` : text
  try {
    return JSON.stringify(JSON.parse(text), null, 2).slice(0, maxCharacters)
  } catch {
    return cut
  }
}

/** One call that can be made: what it takes, what it answers, and a form to try it. */
@customElement("api-operation")
export class ApiOperationElement extends LitElement {
  static override readonly styles = [base, fields, apiOperation]

  @property({ attribute: false }) operation: Operation | undefined
  @property({ attribute: false }) schemas: Readonly<Record<string, JsonSchema>> = {}
  @property({ type: Boolean }) open = false
  /** Makes the call; null when the operator goes back. */
  @property({ attribute: false }) send: (path: string, body?: string) => Promise<RawAnswer | null> = () =>
    Promise.resolve(null)
  @state() private values: Readonly<Record<string, string>> = {}
  @state() private body: string | undefined
  @state() private wrong: Readonly<Record<string, string>> = {}
  @state() private answer: RawAnswer | undefined
  @state() private failed = ""

  override render() {
    const { operation } = this
    if (operation === undefined) return nothing
    const { method, path, text } = operation
    return html`<details ?open=${this.open} @toggle=${this.#toggle}>
      <summary>
        <span class="method mono">${method}</span><span class="mono path">${path}</span>
        <span class="muted text">${text}</span>
      </summary>
      ${this.open ? this.#inside(operation) : nothing}
    </details>`
  }

  #inside(operation: Operation) {
    const { answers, body } = operation
    const streams = answers.some(({ type }) => type === "text/event-stream")
    return html`<div class="inside">
      <div class="about">
        ${body === null ? nothing : this.#schema(words.body, body)}
        ${answers.map(({ schema, status, text }) =>
          schema === null
            ? html`<h3>${status} <span class="muted">${text}</span></h3>`
            : this.#schema(html`${status} <span class="muted">${text}</span>`, schema)
        )}
      </div>
      ${streams ? html`<p class="muted">${words.stream}</p>` : this.#form(operation)}
    </div>`
  }

  #schema(title: unknown, schema: JsonSchema) {
    return html`<h3>${title}</h3>
      <pre tabindex="0" aria-label=${words.schema}>${schemaText(schema, this.schemas)}</pre>`
  }

  #form({ body, id, method, parameters }: Operation) {
    return html`<form class="try" @submit=${this.#submit} @input=${this.#typed} novalidate>
      <h3>${words.try}</h3>
      ${parameters
        .filter((parameter) => parameter.in !== "header")
        .map(
          ({ description = "", name, required, schema }) =>
            html`<text-field
              name=${name}
              mono
              .label=${required === true ? name : words.optional(name)}
              .hint=${description === "" && schema !== undefined ? schemaText(schema, this.schemas) : description}
              .wrong=${this.wrong[name] ?? ""}
              .value=${this.values[name] ?? ""}
            ></text-field>`
        )}
      ${
        body === null
          ? nothing
          : html`<text-field
              name="body"
              kind="lines"
              max="1000000"
              mono
              .label=${words.body}
              .wrong=${this.wrong["body"] ?? ""}
              .value=${this.#bodyText(body)}
            ></text-field>`
      }
      <div>
        <button type="submit" class="primary" aria-label="${words.send} ${method}: ${id}">
          ${words.send} ${method}
        </button>
      </div>
      ${this.failed === "" ? nothing : html`<p class="wrong" role="alert">${this.failed}</p>`}
      <div class="answer">
        <div role="status">
          ${
            this.answer === undefined
              ? nothing
              : html`<h3>${words.answered(this.answer.status, Math.round(this.answer.millis))}</h3>`
          }
        </div>
        ${
          this.answer === undefined
            ? nothing
            : html`<pre tabindex="0" aria-label=${words.answer}>${pretty(this.answer.text)}</pre>`
        }
      </div>
    </form>`
  }

  #bodyText(body: JsonSchema) {
    return this.body ?? JSON.stringify(exampleOf(body, this.schemas), null, 2)
  }

  readonly #toggle = ({ currentTarget }: Event) => {
    if (currentTarget instanceof HTMLDetailsElement) this.open = currentTarget.open
  }

  readonly #typed = ({ target }: Event) => {
    if (!(target instanceof TextField)) return
    this.wrong = {}
    if (target.name === "body") this.body = target.value
    else this.values = { ...this.values, [target.name]: target.value }
  }

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const { operation } = this
    if (operation === undefined) return
    const { body, parameters, path } = operation
    const wrong: Record<string, string> = {}
    let to = path
    const query = new URLSearchParams()
    for (const { in: place, name, required } of parameters) {
      const value = (this.values[name] ?? "").trim()
      if (value === "" && required === true) wrong[name] = words.required
      else if (place === "path") to = to.replace(`{${name}}`, encodeURIComponent(value))
      else if (place === "query" && value !== "") query.set(name, value)
    }
    const text = body === null ? undefined : this.#bodyText(body)
    if (text !== undefined) {
      try {
        JSON.parse(text)
      } catch {
        wrong["body"] = words.notJson
      }
    }
    this.wrong = wrong
    if (Object.keys(wrong).length > 0) return
    this.failed = ""
    try {
      const answer = await this.send(query.size === 0 ? to : `${to}?${query}`, text)
      if (answer !== null) this.answer = answer
    } catch (thrown) {
      this.failed = thrown instanceof Error ? thrown.message : String(thrown)
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "api-operation": ApiOperationElement
  }
}
