import type { HttpMethod } from "effect/http/HttpMethod"
import { html, LitElement } from "lit"
import { customElement, property } from "lit/decorators.js"
import { send } from "../data/raw.ts"
import { Live } from "../data/Live.ts"
import { getOpenApi } from "../data/openapi.ts"
import { type ApiOperation, type OpenApi, operationsOf } from "../lib/openapi.ts"
import "../elements/api-operation.ts"
import "../elements/empty-state.ts"
import { loaded } from "../features/lists/loaded.ts"
import { words } from "../strings/docs.ts"
import { base } from "../styles/base.ts"
import { page } from "../styles/page.ts"
import { ask } from "../features/actions/ask.ts"
import { matches } from "../lib/search.ts"

/** The reference of the HTTP API, from the document of the running service. */
@customElement("docs-page")
export class DocsPage extends LitElement {
  static override readonly styles = [base, page]

  @property({ attribute: false }) query = new URLSearchParams()

  readonly #document = new Live(this, { key: () => "openapi", load: getOpenApi, on: () => false })

  override render() {
    return html`<div class="head"><h1>${words.title}</h1></div>
      ${loaded(this.#document, (document) => this.#show(document))}`
  }

  #show(document: OpenApi) {
    const q = this.query.get("q") ?? ""
    const all = operationsOf(document)
    const shown = all.filter(
      ({ group, id, method, path, text }) => q === "" || matches(q, [group, id, method, path, text])
    )
    const schemas = document.components?.schemas ?? {}
    return html`<p class="intro">
        ${words.intro(document.info.version)} <span class="mono">GET /api/openapi.json</span>.
      </p>
      ${
        shown.length === 0
          ? html`<empty-state .heading=${words.noneMatch}></empty-state>`
          : [...Map.groupBy(shown, ({ group }) => group)].map(
              ([group, operations]) =>
                html`<section>
                  <div class="title">
                    <h2>${group}</h2>
                    <span>${words.count(operations.length)}</span>
                  </div>
                  ${operations.map((operation) => this.#operation(operation, schemas))}
                </section>`
            )
      }`
  }

  #operation(operation: ApiOperation, schemas: NonNullable<NonNullable<OpenApi["components"]>["schemas"]>) {
    return html`<api-operation
      id=${operation.id}
      .operation=${operation}
      .schemas=${schemas}
      .open=${operation.id === this.query.get("call")}
      .send=${(path: string, body?: string) => this.#send(operation, path, body)}
    ></api-operation>`
  }

  async #send({ method }: ApiOperation, path: string, body?: string) {
    if (method !== "GET") {
      const yes = await ask({
        title: words.sendTitle(method),
        body: words.sendBody(method, path),
        action: words.send,
        danger: method === "DELETE"
      })
      if (yes === null) return null
    }
    return send(method as HttpMethod, path, body)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "docs-page": DocsPage
  }
}
