import { html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { Overview } from "../../src/domain/Overview.ts"
import { firstPage } from "../data/firstPage.ts"
import { session } from "../data/session.ts"
import { applyTheme, currentTheme } from "../data/theme.ts"
import type { ThemeSwitch } from "../elements/theme-switch.ts"
import { isHere, railPages } from "../router/pages.ts"
import { strings } from "../strings/shell.ts"
import { shellRail } from "../styles/shell-rail.ts"

const words = strings.shell

/** The pages with their live counts, and the operator; emits `keys` when the list of keys is requested. */
@customElement("shell-rail")
export class ShellRail extends LitElement {
  static override readonly styles = shellRail

  @property() path = ""
  @property() name: string | null = null
  @property({ attribute: false }) overview: Overview | undefined

  override firstUpdated() {
    firstPage.afterwards(() => import("../elements/theme-switch.ts"))
  }

  override render() {
    return html`<nav aria-label=${words.pages}>${railPages.map((page) => this.#link(page))}</nav>
      <aside class="person" aria-label=${words.account}>
        <p class="muted small">${this.name === null ? words.signedIn : words.signedInAs(this.name)}</p>
        <theme-switch .theme=${currentTheme()} @change=${this.#themed}></theme-switch>
        <div>
          <button type="button" class="compact quiet" @click=${this.#signOut}>${words.signOut}</button>
          <button type="button" class="compact quiet" @click=${this.#showKeys}>
            ${words.keys}<kbd aria-hidden="true">?</kbd>
          </button>
        </div>
      </aside>`
  }

  #link({ count, group, live, title, to }: (typeof railPages)[number]) {
    const number = this.overview === undefined || count === undefined ? 0 : count(this.overview)
    return html`<a
      href=${to}
      class=${group === true ? "group" : ""}
      aria-current=${isHere(to, this.path) ? "page" : nothing}
      ><span>${title}</span>${
        number === 0 ? nothing : html`<span class="count ${live === true ? "live" : ""}">${number}</span>`
      }</a
    >`
  }

  readonly #themed = (event: Event) => {
    const { theme } = event.currentTarget as ThemeSwitch
    applyTheme(theme)
  }

  readonly #signOut = () =>
    import("../data/auth.ts").then(
      ({ signOut }) => signOut(),
      () => session.end("left")
    )

  readonly #showKeys = () => this.dispatchEvent(new Event("keys"))
}

declare global {
  interface HTMLElementTagNameMap {
    "shell-rail": ShellRail
  }
}
