import { consume } from "@lit/context"
import * as DateTime from "effect/DateTime"
import { html, LitElement, nothing } from "lit"
import { customElement, state } from "lit/decorators.js"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import type { Overview } from "../../src/domain/Overview.ts"
import { listDispatches } from "../data/dispatches.ts"
import { pollNow, setPaused } from "../data/operations.ts"
import { overviewContext, type OverviewState } from "../data/overview.ts"
import { Polling } from "../data/Polling.ts"
import "../elements/action-button.ts"
import "../elements/capacity-bar.ts"
import type { Column } from "../elements/data-table.ts"
import "../elements/data-table.ts"
import { icons } from "../elements/icons.ts"
import "../elements/outcome-chart.ts"
import { polled } from "../elements/polled.ts"
import "../elements/relative-time.ts"
import "../elements/state-mark.ts"
import "../elements/time-span.ts"
import { href } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { terms } from "../strings/terms.ts"
import { words } from "../strings/overview.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { overview } from "../styles/overview.ts"
import { page } from "../styles/page.ts"
import { ask } from "./ask.ts"
import { dispatchColumns } from "./dispatch-cells.ts"
import { perform } from "./perform.ts"

const keyOf = ({ id }: Dispatch) => id
const number = new Intl.NumberFormat("en")

const { duration, issue, phase, repository, status, title } = dispatchColumns
const runningColumns: ReadonlyArray<Column<Dispatch>> = [status, issue, title, repository, phase, duration]

const upstreamLooks = {
  ok: { icon: "check", tone: "succeeded" },
  degraded: { icon: "warning", tone: "waiting" },
  down: { icon: "cross", tone: "failed" },
  off: { icon: "slash", tone: "neutral" }
} as const

/** What runs, what waits and why, what went wrong: in one look. */
@customElement("overview-page")
export class OverviewPage extends LitElement {
  static override readonly styles = [base, controls, page, overview]

  @consume({ context: overviewContext, subscribe: true }) @state() private overview: OverviewState | undefined

  readonly #recent = new Polling(this, {
    key: () => "recent",
    load: (signal) => listDispatches({ limit: 200 }, signal)
  })

  override render() {
    if (this.overview === undefined) return nothing
    return html`<div class="head">
        <h1>${strings.pages.overview}</h1>
        <div class="end">${this.#actions(this.overview.value)}</div>
      </div>
      ${polled(this.overview, (value) => this.#show(value))}`
  }

  #actions(value: Overview | undefined) {
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
    return html`${value.setup.length === 0 ? nothing : this.#setup(value)}
      <div class="columns">
        <div class="wide">${this.#running()} ${this.#waiting(value)} ${this.#outcomes(value)}</div>
        <div class="side">${this.#capacity(value)} ${this.#poller(value)} ${this.#upstreams(value)}</div>
      </div>
      <p class="muted small foot">
        ${words.version(value.version)}, ${words.up} <time-span .from=${value.startedAt}></time-span>
      </p>`
  }

  #setup({ setup }: Overview) {
    return html`<section class="setup">
      <h2>${words.setup}</h2>
      <p class="muted">${words.setupIntro}</p>
      <ul>
        ${setup.map(
          ({ message, neededFor, setting }) =>
            html`<li>
              ${icons.box}
              <div>
                <p>
                  <code class="mono">${setting}</code>
                  <span class="muted">${words.neededFor(neededFor)}</span>
                </p>
                <p>${message}</p>
              </div>
            </li>`
        )}
      </ul>
    </section>`
  }

  #running() {
    return html`<section>
      <h2>${words.running}</h2>
      ${polled(this.#recent, (recent) => {
        const live = recent.filter(({ outcome }) => outcome === null)
        if (live.length === 0) return html`<p class="nothing">${words.nothingRuns}</p>`
        return html`<data-table
          .label=${words.running}
          .rows=${live}
          .columns=${runningColumns}
          .keyOf=${keyOf}
        ></data-table>`
      })}
    </section>`
  }

  #waiting({ waiting }: Overview) {
    const most = Math.max(1, ...waiting.map(({ count }) => count))
    return html`<section>
      <h2>${words.waiting}</h2>
      ${
        waiting.length === 0
          ? html`<p class="nothing">${words.nothingWaits}</p>`
          : html`<ul class="reasons">
              ${waiting.map(
                ({ count, reason }) =>
                  html`<li>
                    <a href="${href.issues}?reason=${reason}">
                      <span>${terms.reason[reason]}</span>
                      <svg aria-hidden="true">
                        <rect width="${(count / most) * 100}%" height="100%" rx="1" />
                      </svg>
                      <span class="count">${count}</span>
                    </a>
                  </li>`
              )}
            </ul>`
      }
    </section>`
  }

  #outcomes({ outcomes24h }: Overview) {
    return html`<section>
      <h2>${words.outcomes}</h2>
      ${
        outcomes24h.length === 0
          ? html`<p class="nothing">${words.noOutcomes}</p>`
          : html`<outcome-chart .hours=${outcomes24h} .until=${DateTime.nowUnsafe()}></outcome-chart>`
      }
    </section>`
  }

  #capacity({ teams }: Overview) {
    return html`<section>
      <h2>${words.capacity}</h2>
      ${
        teams.length === 0
          ? html`<p class="nothing">${words.noTeams} <a href=${href.newMapping}>${words.addMapping}</a></p>`
          : html`<ul class="teams">
              ${teams.map(
                ({ cap, paused, teamKey, used, waiting }) =>
                  html`<li>
                    <a class="mono" href=${href.mapping(teamKey)}>${teamKey}</a>
                    <capacity-bar .used=${used} .cap=${cap}></capacity-bar>
                    <span class="of">${used}/${cap}</span>
                    <span class="muted small more">
                      ${paused ? html`<state-mark icon="pause" tone="waiting">${words.teamPaused}</state-mark>` : nothing}
                      ${waiting === 0 ? nothing : html`<a href="${href.issues}?team=${teamKey}">${words.waitingIssues(waiting)}</a>`}
                    </span>
                  </li>`
              )}
            </ul>`
      }
    </section>`
  }

  #poller({ poller }: Overview) {
    const { holder, lastGoodAt, lastPass, nextAt, state } = poller
    return html`<section>
      <h2>${words.poller}</h2>
      ${
        lastPass?.error == null
          ? nothing
          : html`<div class="note failed">
              <p><strong>${words.passFailed}.</strong> ${lastPass.error}</p>
            </div>`
      }
      <dl class="facts">
        <dt>${words.lastPass}</dt>
        <dd>
          ${
            lastPass === null
              ? words.neverPassed
              : html`<relative-time .at=${lastPass.startedAt}></relative-time>, ${words.took}
                  <time-span .from=${lastPass.startedAt} .to=${lastPass.finishedAt}></time-span>
                  <span class="muted small found"
                    >${words.found(lastPass.candidates, lastPass.dispatched)}</span
                  >`
          }
        </dd>
        ${
          lastPass?.error == null || lastGoodAt === null
            ? nothing
            : html`<dt>${words.lastGood}</dt>
                <dd><relative-time .at=${lastGoodAt}></relative-time></dd>`
        }
        <dt>${words.nextPass}</dt>
        <dd>
          ${nextAt === null ? strings.pollerState[state] : html`<relative-time .at=${nextAt} passed=${strings.time.due}></relative-time>`}
        </dd>
        ${
          holder === null
            ? nothing
            : html`<dt>${words.holder}</dt>
                <dd class="mono">${holder}</dd>`
        }
      </dl>
    </section>`
  }

  #upstreams({ upstreams }: Overview) {
    return html`<section>
      <h2>${words.upstreams}</h2>
      <ul class="upstreams">
        ${upstreams.map(({ budgets, error, name, since, state }) => {
          const { icon, tone } = upstreamLooks[state]
          return html`<li>
            <strong>${terms.upstream[name]}</strong>
            <span
              ><state-mark .icon=${icon} .tone=${tone}>${terms.upstreamState[state]}</state-mark>${
                state === "ok" || state === "off"
                  ? nothing
                  : html` <span class="muted small"
                      >${words.since} <relative-time .at=${since}></relative-time
                    ></span>`
              }</span
            >
            ${error === null ? nothing : html`<p class="muted">${error}</p>`}
            ${budgets.map(
              ({ kind, limit, remaining, resetAt }) =>
                html`<div class="budget">
                  <svg aria-hidden="true">
                    <rect class="track" width="100%" height="100%" rx="1" />
                    <rect
                      class=${remaining < limit / 10 ? "low" : ""}
                      width="${limit === 0 ? 0 : (remaining / limit) * 100}%"
                      height="100%"
                      rx="1"
                    />
                  </svg>
                  <p class="muted small">
                    ${words.budget(kind, number.format(remaining), number.format(limit))}, ${words.resets}
                    <relative-time .at=${resetAt}></relative-time>
                  </p>
                </div>`
            )}
          </li>`
        })}
      </ul>
    </section>`
  }

  readonly #poll = async () => {
    await perform(
      this,
      () => pollNow(),
      () => words.polled
    )
    this.overview?.refresh()
  }

  readonly #pause = async () => {
    const reason = await ask({
      title: words.pauseTitle,
      body: words.pauseBody,
      action: words.pause,
      text: words.pauseReason
    })
    if (reason === null) return
    await perform(
      this,
      () => setPaused(true, reason),
      () => words.paused
    )
    this.overview?.refresh()
  }

  readonly #resume = async () => {
    await perform(
      this,
      () => setPaused(false, ""),
      () => words.resumed
    )
    this.overview?.refresh()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "overview-page": OverviewPage
  }
}
