import * as DateTime from "effect/DateTime"
import { css, html, LitElement } from "lit"
import { customElement, property } from "lit/decorators.js"
import { clock, exact, relative } from "../lib/time.ts"
import { Ticker } from "../lib/Ticker.ts"

/** An instant as "4 min ago" (or, with `clock`, "14:02"), exact on hover, in the reader's zone. */
@customElement("relative-time")
export class RelativeTime extends LitElement {
  static override readonly styles = css`
    :host {
      white-space: nowrap;
    }
  `

  @property({ attribute: false }) at: DateTime.Utc | null = null
  @property({ type: Boolean }) clock = false
  @property() passed = ""

  readonly #ticker = new Ticker(this, (now) => this.#text(now))

  #text(now: DateTime.Utc) {
    if (this.at === null) return ""
    if (this.passed !== "" && DateTime.isLessThanOrEqualTo(this.at, now)) return this.passed
    return this.clock ? clock(this.at, now) : relative(this.at, now)
  }

  override render() {
    if (this.at === null) return html`–`
    return html`<time datetime=${DateTime.formatIso(this.at)} title=${exact(this.at)}
      >${this.#text(this.#ticker.now)}</time
    >`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "relative-time": RelativeTime
  }
}
