import * as DateTime from "effect/DateTime"
import { css, html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { Dispatch, DispatchEvent } from "../../src/domain/Dispatch.ts"
import { words } from "../strings/dispatch.ts"
import { base } from "../styles/base.ts"
import { styled } from "./styled.ts"
import { clockSeconds, duration } from "./time.ts"
import { Ticker } from "./Ticker.ts"

interface Stage {
  readonly name: keyof typeof words.stages
  readonly from: number
  readonly to: number | null
  readonly tone: string
}

const millis = (at: DateTime.Utc | null) => (at === null ? null : DateTime.toEpochMillis(at))

/** The stages a dispatch went through; `to` is null for the one it is in. */
export const stagesOf = (dispatch: Dispatch, events: ReadonlyArray<DispatchEvent>): ReadonlyArray<Stage> => {
  const reserved = DateTime.toEpochMillis(dispatch.reservedAt)
  const launchEvent = events.find(({ type }) => type === "launching")
  const launched = launchEvent === undefined ? null : DateTime.toEpochMillis(launchEvent.at)
  const started = millis(dispatch.startedAt)
  const finished = millis(dispatch.finishedAt)
  const settled = millis(dispatch.settledAt)
  const tone =
    dispatch.outcome === null
      ? "running"
      : dispatch.outcome.kind === "delivered"
        ? "succeeded"
        : dispatch.outcome.kind === "cancelled"
          ? "neutral"
          : "failed"
  const stages: Array<Stage> = [
    { name: "reserved", from: reserved, to: launched ?? started ?? finished, tone: "neutral" }
  ]
  if (launched !== null) {
    stages.push({ name: "launch", from: launched, to: started ?? finished, tone: "waiting" })
  }
  if (started !== null) stages.push({ name: "run", from: started, to: finished, tone })
  if (finished !== null) stages.push({ name: "settle", from: finished, to: settled, tone: "neutral" })
  return stages
}

const ticks = [1, 2, 5, 10, 15, 30].flatMap((seconds) => [seconds, seconds * 60])
const steps = [...ticks, 3600, 7200, 21_600, 86_400].map((seconds) => seconds * 1000).sort((a, b) => a - b)

const mark = (ms: number) => {
  if (ms < 60_000) return `${ms / 1000} s`
  return ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`
}

/** The stages of a dispatch on one time axis, its events as marks, the present as a moving line. */
@customElement("dispatch-waterfall")
export class DispatchWaterfall extends LitElement {
  static override readonly styles = [
    base,
    css`
      :host {
        padding: 0.75rem 5.5rem 0 6rem;
      }
      .plot {
        position: relative;
      }
      .line {
        position: absolute;
        inset-block: 0;
        width: 1px;
        background: var(--hairline);
      }
      .now {
        background: var(--accent);
      }
      .now::after {
        content: "";
        position: absolute;
        top: -3px;
        left: -2.5px;
        width: 6px;
        height: 6px;
        border-radius: 3px;
        background: var(--accent);
      }
      li {
        position: relative;
        height: 2rem;
      }
      .name {
        position: absolute;
        right: calc(100% + 0.75rem);
        width: 5.25rem;
        line-height: 2rem;
        color: var(--muted);
        text-align: end;
        white-space: nowrap;
      }
      .bar {
        position: absolute;
        top: 0.625rem;
        height: 0.75rem;
        min-width: 3px;
        border-radius: 2px;
        background: var(--edge);
        transition: width var(--quick) linear;
      }
      .running {
        background: var(--running);
      }
      .waiting {
        background: var(--waiting);
      }
      .succeeded {
        background: var(--succeeded);
      }
      .failed {
        background: var(--failed);
      }
      .open {
        border-start-end-radius: 0;
        border-end-end-radius: 0;
      }
      .took {
        position: absolute;
        padding: 0 0.5rem;
        line-height: 2rem;
        font-size: var(--small);
        white-space: nowrap;
      }
      .events {
        position: relative;
        height: 1.5rem;
        border-top: 1px solid var(--hairline);
      }
      .event {
        position: absolute;
        top: 0.4375rem;
        width: 0.5rem;
        height: 0.5rem;
        margin-left: -0.25rem;
        border: 1.5px solid var(--muted);
        background: var(--ground);
        rotate: 45deg;
      }
      .axis {
        position: relative;
        height: 1.25rem;
        font-size: var(--small);
        color: var(--muted);
      }
      .axis span {
        position: absolute;
        padding-left: 0.25rem;
        white-space: nowrap;
      }
      @media (max-width: 47.99rem) {
        :host {
          padding: 0.75rem 5rem 0 4.5rem;
        }
        .name {
          width: 4rem;
          font-size: var(--small);
          right: calc(100% + 0.5rem);
        }
      }
    `
  ]

  @property({ attribute: false }) dispatch: Dispatch | undefined
  @property({ attribute: false }) events: ReadonlyArray<DispatchEvent> = []

  readonly #ticker = new Ticker(this, (now) =>
    this.dispatch?.settledAt === null ? String(DateTime.toEpochMillis(now)) : ""
  )

  override render() {
    const { dispatch, events } = this
    if (dispatch === undefined) return nothing
    const now = DateTime.toEpochMillis(this.#ticker.now)
    const stages = stagesOf(dispatch, events)
    const start = DateTime.toEpochMillis(dispatch.reservedAt)
    const last = Math.max(
      ...stages.map(({ to }) => to ?? now),
      ...events.map(({ at }) => DateTime.toEpochMillis(at))
    )
    const length = Math.max(1000, last - start)
    const at = (ms: number) => Math.min(100, Math.max(0, ((ms - start) / length) * 100))
    const step = steps.find((size) => length / size <= 5) ?? 86_400_000
    const marks = Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step)
    const alive = dispatch.settledAt === null
    return html`<div class="axis" aria-hidden="true">
        ${marks.map((ms) => html`<span ${styled({ left: `${at(start + ms)}%` })}>${ms === 0 ? clockSeconds(dispatch.reservedAt) : `+${mark(ms)}`}</span>`)}
      </div>
      <div class="plot">
        ${marks.map((ms) => html`<i class="line" ${styled({ left: `${at(start + ms)}%` })}></i>`)}
        <ol aria-label=${words.timeline}>
          ${stages.map((stage) => this.#stage(stage, now, at))}
        </ol>
        ${alive ? html`<i class="line now" ${styled({ left: `${at(now)}%` })}></i>` : nothing}
      </div>
      <div class="events" aria-hidden="true">
        ${events.map(
          (event) =>
            html`<span
              class="event"
              title="${clockSeconds(event.at)} ${event.message}"
              ${styled({ left: `${at(DateTime.toEpochMillis(event.at))}%` })}
            ></span>`
        )}
      </div>`
  }

  #stage(stage: Stage, now: number, at: (ms: number) => number) {
    const end = Math.max(stage.to ?? now, stage.from)
    const left = at(stage.from)
    const right = at(end)
    const took = duration(stage.to === null ? Math.floor((end - stage.from) / 1000) * 1000 : end - stage.from)
    return html`<li>
      <span class="name">${words.stages[stage.name]}</span>
      <span
        class="bar ${stage.tone} ${stage.to === null ? "open" : ""}"
        ${styled({ left: `${left}%`, width: `${right - left}%` })}
      ></span>
      <span class="took" ${styled({ left: `${right}%` })}>${took}</span>
    </li>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "dispatch-waterfall": DispatchWaterfall
  }
}
