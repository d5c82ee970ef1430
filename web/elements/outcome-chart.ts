import * as DateTime from "effect/DateTime"
import { css, html, LitElement, nothing, svg } from "lit"
import { customElement, property } from "lit/decorators.js"
import { OutcomeKind } from "../../src/domain/DispatchStatus.ts"
import type { Overview } from "../../src/domain/Overview.ts"
import { terms } from "../strings/terms.ts"
import { words } from "../strings/overview.ts"
import { base } from "../styles/base.ts"
import { styled } from "../lib/styled.ts"
import { clockOf } from "../lib/time.ts"

type Hour = Overview["outcomes24h"][number]

const kinds = OutcomeKind.literals
const height = 88
const hour = 3_600_000

const total = (one: Hour) => kinds.reduce((sum, kind) => sum + one[kind], 0)

const said = (count: (kind: OutcomeKind) => number) =>
  kinds
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${terms.outcomeKind[kind]} ${count(kind)}`)
    .join(", ")

/** What ended in each of the last 24 hours, by outcome. */
@customElement("outcome-chart")
export class OutcomeChart extends LitElement {
  static override readonly styles = [
    base,
    css`
      :host {
        padding-top: 0.75rem;
      }
      .plot {
        position: relative;
        border-bottom: 1px solid var(--edge);
      }
      svg {
        width: 100%;
        height: 5.5rem;
        overflow: visible;
      }
      .most {
        position: absolute;
        inset: 0 0 auto;
        border-bottom: 1px dashed var(--hairline);
        color: var(--muted);
        font-size: var(--small);
        line-height: 1.1875rem;
      }
      .none {
        fill: var(--hairline);
      }
      .over {
        fill: transparent;
      }
      .over:hover {
        fill: color-mix(in oklab, var(--text) 8%, transparent);
      }
      .delivered {
        fill: var(--succeeded);
      }
      .failed {
        fill: var(--failed);
      }
      .timed_out {
        fill: color-mix(in oklab, var(--failed) 55%, var(--ground));
      }
      .lost {
        fill: var(--ground);
        stroke: var(--failed);
      }
      .cancelled {
        fill: var(--edge);
      }
      .axis {
        position: relative;
        height: 1.25rem;
        color: var(--muted);
        font-size: var(--small);
      }
      .axis span {
        position: absolute;
        translate: -50% 0;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
        margin-top: 0.5rem;
        font-size: var(--small);
      }
      li {
        display: flex;
        align-items: center;
        gap: 0.375rem;
      }
      li svg {
        width: 0.625rem;
        height: 0.625rem;
      }
    `
  ]

  @property({ attribute: false }) hours: ReadonlyArray<Hour> = []
  @property({ attribute: false }) until: DateTime.Utc | undefined

  override render() {
    const { hours, until } = this
    if (until === undefined) return nothing
    const most = Math.max(1, ...hours.map(total))
    const sum = (kind: OutcomeKind) => hours.reduce((all, one) => all + one[kind], 0)
    const ends = Math.ceil(DateTime.toEpochMillis(until) / hour) * hour
    const columns = Array.from({ length: 24 }, (_, index) => {
      const from = ends - (24 - index) * hour
      return {
        index,
        from,
        here: hours.find((one) => Math.abs(DateTime.toEpochMillis(one.hour) - from) < hour / 2)
      }
    })
    return html`<div class="plot">
        <div class="most" aria-hidden="true">${most}</div>
        <svg role="img" aria-label="${words.outcomes}: ${said(sum)}">
          ${columns.map((column) => this.#column(column, most))}
        </svg>
      </div>
      <div class="axis" aria-hidden="true">
        ${columns
          .filter(
            ({ from, index }) => index > 0 && DateTime.toDate(DateTime.makeUnsafe(from)).getHours() % 6 === 0
          )
          .map(
            ({ from, index }) =>
              html`<span ${styled({ left: `${(index / 24) * 100}%` })}>${clockOf(from)}</span>`
          )}
      </div>
      <ul>
        ${kinds
          .filter((kind) => sum(kind) > 0)
          .map(
            (kind) =>
              html`<li>
                <svg aria-hidden="true" viewBox="0 0 10 10">
                  <rect class=${kind} x="0.5" y="0.5" width="9" height="9" rx="1" /></svg
                >${terms.outcomeKind[kind]} ${sum(kind)}
              </li>`
          )}
      </ul>`
  }

  #column(
    { from, here, index }: { readonly from: number; readonly here: Hour | undefined; readonly index: number },
    most: number
  ) {
    const x = `${((index + 0.1) / 24) * 100}%`
    if (here === undefined) return svg`<rect class="none" x=${x} width="3.33%" y=${height - 1} height="1" />`
    let y = height
    return svg`${kinds.map((kind) => {
      const size = (here[kind] / most) * (height - 20)
      if (size === 0) return nothing
      y -= size
      return svg`<rect class=${kind} x=${x} width="3.33%" y=${y} height=${Math.max(size - 1, 1)} />`
    })}<rect class="over" x="${(index / 24) * 100}%" width="4.17%" y="0" height=${height}><title>${clockOf(from)}–${clockOf(from + hour)}: ${said((kind) => here[kind])}</title></rect>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "outcome-chart": OutcomeChart
  }
}
