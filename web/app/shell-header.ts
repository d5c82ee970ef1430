import { html, LitElement, nothing } from "lit"
import { customElement, property, query } from "lit/decorators.js"
import type { Overview } from "../../src/domain/Overview.ts"
import { connection } from "../data/connection.ts"
import "../elements/poller-status.ts"
import type { Alarm } from "../features/alarms/alarms.ts"
import { icons } from "../lib/icons.ts"
import { href } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { shellHeader } from "../styles/shell-header.ts"
import { SearchBox } from "./SearchBox.ts"

const words = strings.shell

/** The brand, the search box and the state of the poller; emits `skip` when its link to the content is used. */
@customElement("shell-header")
export class ShellHeader extends LitElement {
  static override readonly styles = shellHeader

  /** The address, whose change renders the search box again. */
  @property() address = ""
  @property({ attribute: false }) poller: Overview["poller"] | undefined
  @property({ attribute: false }) alarm: Alarm | undefined
  @property({ attribute: false }) menu: HTMLElement | null = null
  @query("input[type=search]") private readonly input!: HTMLInputElement

  readonly #search = new SearchBox(this)

  override connectedCallback() {
    super.connectedCallback()
    connection.addEventListener("change", this.#redraw)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    connection.removeEventListener("change", this.#redraw)
  }

  search() {
    this.input.focus()
  }

  override render() {
    return html`<header>
      <a class="skip" href="#main" @click=${this.#skip}>${words.skip}</a>
      <button type="button" class="menu" .popoverTargetElement=${this.menu} aria-label=${words.menu}>
        ${icons.menu}
      </button>
      <a class="brand" href=${href.overview}>${icons.mark}${strings.product}</a>
      <form role="search" @submit=${this.#search.submitted}>
        ${icons.search}
        <input
          type="search"
          name="q"
          aria-label=${words.search}
          placeholder=${words.search}
          autocomplete="off"
          .value=${this.#search.query}
          @input=${this.#search.typed}
        />
        <kbd aria-hidden="true">/</kbd>
      </form>
      <div class="status">
        <span class="reconnecting" role="status"
          >${connection.reconnecting ? html`${icons.warning}<span>${words.reconnecting}</span>` : nothing}</span
        >
        ${
          connection.reconnecting
            ? nothing
            : this.alarm === undefined
              ? html`<poller-status .poller=${this.poller}></poller-status>`
              : html`<a class="alarm" href=${this.alarm.href}
                  >${icons.warning}<span>${this.alarm.title}</span></a
                >`
        }
      </div>
    </header>`
  }

  readonly #redraw = () => this.requestUpdate()

  readonly #skip = (event: Event) => {
    event.preventDefault()
    this.dispatchEvent(new Event("skip"))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "shell-header": ShellHeader
  }
}
