import type * as DateTime from "effect/DateTime"
import { css, html, LitElement } from "lit"
import { customElement, property, query } from "lit/decorators.js"
import { words } from "../strings/dispatch.ts"
import { base } from "../styles/base.ts"
import { clockSeconds, exact } from "../lib/time.ts"

export interface LogLine {
  readonly at: DateTime.Utc
  readonly text: string
}

/** The last lines of a log; follows new ones while its end is visible. */
@customElement("log-tail")
export class LogTail extends LitElement {
  static override readonly styles = [
    base,
    css`
      .lines {
        max-height: 24rem;
        padding: 0.5rem 0;
        border-bottom: 1px solid var(--hairline);
        overflow: auto;
        font: var(--small) / 1.125rem var(--mono);
      }
      .lines:focus-visible {
        outline-offset: -2px;
      }
      p {
        display: grid;
        grid-template-columns: 5rem minmax(0, 1fr);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      time {
        color: var(--muted);
      }
    `
  ]

  @property({ attribute: false }) lines: ReadonlyArray<LogLine> = []
  @query(".lines") private readonly box!: HTMLElement | null
  #atEnd = true

  override willUpdate() {
    const { box } = this
    this.#atEnd = box === null || box.scrollTop + box.clientHeight >= box.scrollHeight - 8
  }

  override render() {
    return html`<div class="lines" role="log" tabindex="0" aria-label=${words.log}>
      ${this.lines.map(
        ({ at, text }) => html`<p><time title=${exact(at)}>${clockSeconds(at)}</time><span>${text}</span></p>`
      )}
    </div>`
  }

  override updated() {
    if (this.#atEnd && this.box !== null) this.box.scrollTop = this.box.scrollHeight
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "log-tail": LogTail
  }
}
