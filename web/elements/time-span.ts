import type * as DateTime from "effect/DateTime"
import { css, html, LitElement } from "lit"
import { customElement, property } from "lit/decorators.js"
import { duration, durationSoFar, millisBetween } from "../lib/time.ts"
import { Ticker } from "../lib/Ticker.ts"

/** How long something took, or takes until now while `to` is null. */
@customElement("time-span")
export class TimeSpan extends LitElement {
  static override readonly styles = css`
    :host {
      white-space: nowrap;
    }
  `

  @property({ attribute: false }) from: DateTime.Utc | null = null
  @property({ attribute: false }) to: DateTime.Utc | null = null

  readonly #ticker = new Ticker(this, (now) => this.#text(now))

  #text(now: DateTime.Utc) {
    if (this.from === null) return "–"
    const ms = millisBetween(this.from, this.to ?? now)
    return this.to === null ? durationSoFar(ms) : duration(ms)
  }

  override render() {
    return html`${this.#text(this.#ticker.now)}`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "time-span": TimeSpan
  }
}
