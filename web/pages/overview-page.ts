import { consume } from "@lit/context"
import * as DateTime from "effect/DateTime"
import { html, LitElement, nothing } from "lit"
import { customElement, state } from "lit/decorators.js"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import type { Overview } from "../../src/domain/Overview.ts"
import { listWithLive } from "../data/dispatches.ts"
import { pollNow, setPaused } from "../data/operations.ts"
import { overviewContext, type OverviewState, usedSlots } from "../data/overview.ts"
import { about } from "../data/changes.ts"
import { Live } from "../data/Live.ts"
import "../elements/action-button.ts"
import { actionsColumn, type Column } from "../elements/data-table.ts"
import "../elements/data-table.ts"
import { loaded } from "../features/lists/loaded.ts"
import { millisBetween } from "../lib/time.ts"
import "../elements/time-span.ts"
import { href } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { words } from "../strings/overview.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { overview } from "../styles/overview.ts"
import { page } from "../styles/page.ts"
import { tones } from "../styles/tones.ts"
import { rowActions } from "../features/dispatches/row-actions.ts"
import { dispatchColumns } from "../features/dispatches/dispatch-cells.ts"
import { figures } from "../features/overview/figures.ts"
import {
  capacity,
  notifications,
  outcomes,
  poller,
  setup,
  upstreams,
  waiting
} from "../features/overview/sections.ts"
import { perform } from "../features/actions/perform.ts"

const keyOf = ({ id }: Dispatch) => id
const day = 86_400_000

const { duration, ended, issue, phase, repository, status, title, why } = dispatchColumns

/** What runs, what waits and why, and what failed. */
@customElement("overview-page")
export class OverviewPage extends LitElement {
  static override readonly styles = [base, controls, tones, page, overview]

  @consume({ context: overviewContext, subscribe: true }) @state() private overview: OverviewState | undefined

  readonly #recent = new Live(this, {
    key: () => "recent",
    load: (signal) => listWithLive({ limit: 200 }, usedSlots(this.overview?.value), signal),
    on: about("dispatch")
  })

  readonly #actions = actionsColumn<Dispatch>("5.5rem", (dispatch) =>
    rowActions(this, dispatch, this.#recent.refreshAfterAction)
  )
  readonly #running: ReadonlyArray<Column<Dispatch>> = [
    status,
    issue,
    title,
    repository,
    phase,
    duration,
    this.#actions
  ]
  readonly #wrong: ReadonlyArray<Column<Dispatch>> = [status, issue, why, ended, this.#actions]

  override render() {
    if (this.overview === undefined) return nothing
    return html`<div class="head">
        <h1>${strings.pages.overview}</h1>
        <div class="end">${this.#controls(this.overview.value)}</div>
      </div>
      ${loaded(this.overview, (value) => this.#show(value))}`
  }

  #controls(value: Overview | undefined) {
    if (value === undefined) return nothing
    return html`<action-button .run=${this.#poll} ?disabled=${value.poller.state === "off"}
        >${words.pollNow}</action-button
      >
      ${
        value.paused === null
          ? html`<action-button icon="pause" .run=${this.#pause}>${words.pause}</action-button>`
          : html`<action-button look="primary" .run=${this.#resume}>${words.resume}</action-button>`
      }`
  }

  #show(value: Overview) {
    return html`${figures(value)} ${setup(value)}
      <div class="columns">
        <div>${this.#recentSections()} ${outcomes(value, DateTime.nowUnsafe())}</div>
        <div>${waiting(value)} ${capacity(value)}</div>
        <div>${poller(value)} ${upstreams(value)} ${notifications(value)}</div>
      </div>
      <p class="muted small foot">
        ${words.version(value.version)}, ${words.up} <time-span .from=${value.startedAt}></time-span>
      </p>`
  }

  #recentSections() {
    return loaded(this.#recent, (recent) => {
      const now = DateTime.nowUnsafe()
      const running = recent.filter(({ outcome }) => outcome === null)
      const age = ({ finishedAt }: Dispatch) => (finishedAt === null ? day : millisBetween(finishedAt, now))
      const wrong = recent
        .filter(
          (dispatch) =>
            dispatch.outcome !== null &&
            dispatch.outcome.kind !== "delivered" &&
            dispatch.outcome.kind !== "cancelled" &&
            age(dispatch) < day
        )
        .toSorted((a, b) => age(a) - age(b))
      return html`<section>
          <h2>${words.running}</h2>
          ${this.#table(words.running, words.nothingRuns, running, this.#running)}
        </section>
        <section>
          <div class="title">
            <h2>${words.wrong}</h2>
            <a href="${href.dispatches}?status=failed">${words.allFailed}</a>
          </div>
          ${this.#table(words.wrong, words.nothingWrong, wrong.slice(0, 6), this.#wrong)}
        </section>`
    })
  }

  #table(
    label: string,
    nothingIs: string,
    rows: ReadonlyArray<Dispatch>,
    columns: ReadonlyArray<Column<Dispatch>>
  ) {
    return rows.length === 0
      ? html`<p class="nothing">${nothingIs}</p>`
      : html`<data-table .label=${label} .rows=${rows} .columns=${columns} .keyOf=${keyOf}></data-table>`
  }

  readonly #poll = async () => {
    await perform(
      this,
      () => pollNow(),
      () => words.polled
    )
    this.overview?.refreshAfterAction()
  }

  readonly #pause = async () => {
    const { confirm } = await import("../features/actions/ask.ts")
    await confirm(
      this,
      {
        title: words.pauseTitle,
        body: words.pauseBody,
        action: words.pause,
        text: words.pauseReason,
        keep: "pause"
      },
      (reason) => setPaused(true, reason),
      () => words.paused
    )
    this.overview?.refreshAfterAction()
  }

  readonly #resume = async () => {
    await perform(
      this,
      () => setPaused(false, ""),
      () => words.resumed
    )
    this.overview?.refreshAfterAction()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "overview-page": OverviewPage
  }
}
