import type * as DateTime from "effect/DateTime"
import { css, html, LitElement, nothing, svg } from "lit"
import { customElement, property } from "lit/decorators.js"
import { OutcomeKind } from "../../src/domain/DispatchStatus.ts"
import type { Overview } from "../../src/domain/Overview.ts"
import { terms } from "../strings/terms.ts"
import { words } from "../strings/overview.ts"
import { base } from "../styles/base.ts"
import { millisBetween } from "./time.ts"

type Hour = Overview["outcomes24h"][number]

const kinds = OutcomeKind.literals
const height = 64

const total = (hour: Hour) => kinds.reduce((sum, kind) => sum + hour[kind], 0)

/** What ended in each of the last 24 hours, by outcome. */
@customElement("outcome-chart")
export class OutcomeChart extends LitElement {
  static override readonly styles = [
    base,
    css`
      svg {
        width: 100%;
        height: 4rem;
        border-bottom: 1px solid var(--edge);
      }
      .delivered {
        fill: var(--succeeded);
        background: var(--succeeded);
      }
      .failed,
      .timed_out {
        fill: var(--failed);
        background: var(--failed);
      }
      .lost {
        fill: var(--parked);
        background: var(--parked);
      }
      .cancelled {
        fill: var(--edge);
        background: var(--edge);
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
        margin-top: 0.5rem;
        font-size: var(--small);
        color: var(--muted);
      }
      li {
        display: flex;
        align-items: center;
        gap: 0.375rem;
      }
      i {
        width: 0.5rem;
        height: 0.5rem;
        border-radius: 1px;
      }
    `
  ]

  @property({ attribute: false }) hours: ReadonlyArray<Hour> = []
  @property({ attribute: false }) until: DateTime.Utc | undefined

  override render() {
    const { hours, until } = this
    if (until === undefined) return nothing
    const top = Math.max(1, ...hours.map(total))
    const sums = kinds
      .map((kind) => ({ kind, count: hours.reduce((sum, hour) => sum + hour[kind], 0) }))
      .filter(({ count }) => count > 0)
    const summary = sums.map(({ count, kind }) => `${terms.outcomeKind[kind]} ${count}`).join(", ")
    return html`<svg role="img" aria-label="${words.outcomes}: ${summary}">
        ${hours.map((hour) => this.#column(hour, until, top))}
      </svg>
      <ul>
        ${sums.map(({ count, kind }) => html`<li><i class=${kind}></i>${terms.outcomeKind[kind]} ${count}</li>`)}
      </ul>`
  }

  #column(hour: Hour, until: DateTime.Utc, top: number) {
    const age = Math.floor(millisBetween(hour.hour, until) / 3_600_000)
    if (age < 0 || age > 23) return nothing
    const x = ((23 - age) / 24) * 100
    let y = height
    return kinds.map((kind) => {
      const size = (hour[kind] / top) * (height - 4)
      if (size === 0) return nothing
      y -= size
      return svg`<rect class=${kind} x="${x}%" width="3.4%" y=${y} height=${Math.max(size - 1, 1)} />`
    })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "outcome-chart": OutcomeChart
  }
}
