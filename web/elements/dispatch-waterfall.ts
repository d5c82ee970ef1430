import * as DateTime from "effect/DateTime"
import { html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { Dispatch, DispatchEvent } from "../../src/domain/Dispatch.ts"
import { words } from "../strings/dispatch.ts"
import { base } from "../styles/base.ts"
import { waterfall } from "../styles/waterfall.ts"
import { styled } from "../lib/styled.ts"
import { clockSeconds, duration, durationSoFar } from "../lib/time.ts"
import { Ticker } from "../lib/Ticker.ts"
import { type Step, stepsOf } from "../lib/waterfall-steps.ts"

const seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400]

const mark = (ms: number) => {
  if (ms < 60_000) return `${ms / 1000} s`
  return ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`
}

const time = (ms: number) => clockSeconds(DateTime.makeUnsafe(ms))

interface Scale {
  readonly now: number
  readonly at: (ms: number) => number
}

/** The steps of a dispatch on one time axis, what happened in them as marks, the present as a moving line. */
@customElement("dispatch-waterfall")
export class DispatchWaterfall extends LitElement {
  static override readonly styles = [base, waterfall]

  @property({ attribute: false }) dispatch: Dispatch | undefined
  @property({ attribute: false }) events: ReadonlyArray<DispatchEvent> = []

  readonly #ticker = new Ticker(this, (now) =>
    this.dispatch?.settledAt === null ? String(DateTime.toEpochMillis(now)) : ""
  )

  override render() {
    const { dispatch, events } = this
    if (dispatch === undefined) return nothing
    const now = DateTime.toEpochMillis(this.#ticker.now)
    const steps = stepsOf(dispatch, events)
    const start = DateTime.toEpochMillis(dispatch.reservedAt)
    const alive = dispatch.settledAt === null
    const last = Math.max(...steps.map(({ to }) => to ?? now))
    const length = Math.max(1000, (last - start) * (alive ? 1.04 : 1))
    const at = (ms: number) => Math.min(100, Math.max(0, ((ms - start) / length) * 100))
    const step = (seconds.find((size) => length / (size * 1000) <= 6) ?? 86_400) * 1000
    const ticks = Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step)
    return html`<div class="axis" aria-hidden="true">
        ${ticks.map(
          (ms) =>
            html`<span ${styled({ left: `${at(start + ms)}%` })}
              >${ms === 0 ? time(start) : `+${mark(ms)}`}</span
            >`
        )}
      </div>
      <div class="plot">
        <div class="over">${ticks.map((ms) => html`<i ${styled({ left: `${at(start + ms)}%` })}></i>`)}</div>
        <ol aria-label=${words.timeline}>
          ${steps.map((each, index) =>
            this.#step(each, each.part ? undefined : steps.slice(0, index).findLast(({ part }) => !part), {
              now,
              at
            })
          )}
        </ol>
        ${
          alive
            ? html`<div class="over">
                <i class="now" ${styled({ left: `${at(now)}%` })}><b>${words.now}</b></i>
              </div>`
            : nothing
        }
      </div>`
  }

  #step(step: Step, before: Step | undefined, { at, now }: Scale) {
    const end = Math.max(step.to ?? now, step.from)
    const [left, right] = [at(step.from), at(end)]
    const ms = end - step.from
    const took = step.to === null ? durationSoFar(ms) : duration(ms)
    const gap = before?.to == null || before.to >= step.from ? null : at(before.to)
    return html`<li
      class=${step.part ? "part" : ""}
      title="${step.name}: ${time(step.from)} – ${step.to === null ? words.now : time(end)}, ${took}"
    >
      <span class="name">${step.name}</span>
      <span class="lane">
        ${
          gap === null
            ? nothing
            : html`<i class="gap" ${styled({ left: `${gap}%`, width: `${left - gap}%` })}></i>`
        }
        ${before === undefined ? nothing : html`<i class="drop" ${styled({ left: `${left}%` })}></i>`}
        <i
          class="bar ${step.tone} ${step.to === null ? "open" : ""}"
          ${styled({ left: `${left}%`, width: `${right - left}%` })}
        ></i>
        ${step.marks.map(
          ({ at: when, text }) =>
            html`<i
              class="mark"
              title="${time(when)} ${text}"
              ${styled({ left: `${at(Math.max(when, step.from))}%` })}
            ></i>`
        )}
        <span class="took" ${styled({ left: `${right}%` })}>${took}</span>
      </span>
    </li>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "dispatch-waterfall": DispatchWaterfall
  }
}
