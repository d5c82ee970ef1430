import * as DateTime from "effect/DateTime"
import { css, html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { Dispatch, DispatchEvent } from "../../src/domain/Dispatch.ts"
import { getDispatch, listEvents } from "../data/dispatches.ts"
import { Polling } from "../data/Polling.ts"
import "../elements/action-button.ts"
import "../elements/dispatch-waterfall.ts"
import { icons } from "../elements/icons.ts"
import { polled } from "../elements/polled.ts"
import "../elements/relative-time.ts"
import "../elements/status-badge.ts"
import { clockSeconds, duration, exact, millisBetween } from "../elements/time.ts"
import "../elements/time-span.ts"
import { href, navigate } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { terms } from "../strings/terms.ts"
import { words as dispatchesWords } from "../strings/dispatches.ts"
import { words } from "../strings/dispatch.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { page } from "../styles/page.ts"
import { cancel, canCancel, canRetry, retry } from "./dispatch-actions.ts"

const number = new Intl.NumberFormat("en")

interface Seen {
  readonly dispatch: Dispatch
  readonly events: ReadonlyArray<DispatchEvent>
}

const outward = (url: string, text: unknown) =>
  html`<a class="outward" href=${url} target="_blank" rel="noreferrer">${text}${icons.out}</a>`

/** One dispatch: its timeline, its events, the facts it was made with. */
@customElement("dispatch-page")
export class DispatchPage extends LitElement {
  static override readonly styles = [
    base,
    controls,
    page,
    css`
      .crumb {
        margin-bottom: 0.5rem;
        font-size: var(--small);
      }
      h1 .mono {
        margin-right: 0.5rem;
        color: var(--muted);
        font-weight: 400;
      }
      .columns {
        display: grid;
        gap: 2rem 3rem;
        margin-top: 2rem;
      }
      .columns section {
        margin: 0;
        min-width: 0;
      }
      .events li {
        display: grid;
        grid-template-columns: 4.5rem 6rem minmax(0, 1fr);
        gap: 0 1rem;
        padding: 0.5rem 0;
        border-bottom: 1px solid var(--hairline);
      }
      .events p {
        overflow-wrap: anywhere;
      }
      .offset {
        color: var(--muted);
        text-align: end;
        white-space: nowrap;
      }
      .known {
        grid-column: 3;
        display: flex;
        flex-wrap: wrap;
        gap: 0 1rem;
        color: var(--muted);
        font-size: var(--small);
        overflow-wrap: anywhere;
      }
      .outward {
        display: inline-flex;
        align-items: center;
        gap: 0.25rem;
        max-width: 100%;
      }
      .note {
        margin-bottom: 1rem;
      }
      .note.delivered {
        border-color: var(--succeeded);
      }
      @media (min-width: 72rem) {
        .columns {
          grid-template-columns: minmax(0, 1fr) minmax(22rem, 30rem);
        }
      }
      @media (max-width: 71.99rem) {
        .columns .events {
          order: 2;
        }
      }
      @media (max-width: 47.99rem) {
        .events li {
          grid-template-columns: max-content minmax(0, 1fr);
        }
        .offset {
          text-align: start;
        }
        .events p,
        .known {
          grid-column: 1 / -1;
        }
      }
    `
  ]

  @property() dispatchId = ""

  readonly #seen = new Polling<Seen>(this, {
    key: () => `dispatch ${this.dispatchId}`,
    load: async (signal) => {
      const [dispatch, events] = await Promise.all([
        getDispatch(this.dispatchId, signal),
        listEvents(this.dispatchId, signal)
      ])
      return { dispatch, events: events.toSorted((a, b) => a.id - b.id) }
    }
  })

  override render() {
    return html`<p class="crumb"><a href=${href.dispatches}>${strings.pages.dispatches}</a></p>
      ${polled(this.#seen, (seen) => this.#show(seen))}`
  }

  #show({ dispatch, events }: Seen) {
    const { outcome } = dispatch
    return html`<div class="head">
        <h1><span class="mono">${dispatch.issueIdentifier}</span>${dispatch.issueTitle}</h1>
        <status-badge .status=${dispatch.status}></status-badge>
        <div class="end">${this.#actions(dispatch)}</div>
      </div>
      ${
        outcome === null
          ? dispatch.waitingFor === null
            ? nothing
            : html`<div class="note">
                ${icons.bubble}
                <p>${words.waitingForAnswer}</p>
              </div>`
          : html`<div class="note ${outcome.kind === "delivered" ? "delivered" : "failed"}">
              <p>
                <strong>${terms.outcomeKind[outcome.kind]}, ${terms.outcomeReason[outcome.reason]}.</strong>
                ${outcome.message}
              </p>
            </div>`
      }
      <section>
        <h2>${words.timeline}</h2>
        <dispatch-waterfall .dispatch=${dispatch} .events=${events}></dispatch-waterfall>
      </section>
      <div class="columns">
        ${this.#events(dispatch, events)}
        <section>
          <h2>${words.facts}</h2>
          ${this.#facts(dispatch)}
        </section>
      </div>`
  }

  #actions(dispatch: Dispatch) {
    return html`${canCancel(dispatch) ? html`<action-button look="danger" .run=${() => this.#cancel(dispatch)}>${dispatchesWords.cancel}</action-button>` : nothing}
    ${canRetry(dispatch) ? html`<action-button .run=${() => this.#retry(dispatch)}>${dispatchesWords.retry}</action-button>` : nothing}`
  }

  #events(dispatch: Dispatch, events: ReadonlyArray<DispatchEvent>) {
    return html`<section class="events">
      <h2>${words.events}</h2>
      ${
        events.length === 0
          ? html`<p class="muted">${words.noEvents}</p>`
          : html`<ol>
              ${events.map(
                ({ actor, at, facts, message }) =>
                  html`<li>
                    <time datetime=${DateTime.formatIso(at)} title=${exact(at)}>${clockSeconds(at)}</time>
                    <span class="offset">+${duration(millisBetween(dispatch.reservedAt, at))}</span>
                    <p>
                      ${message}${actor === null ? nothing : html` <span class="muted">${words.by(actor)}</span>`}
                    </p>
                    ${this.#known(facts)}
                  </li>`
              )}
            </ol>`
      }
    </section>`
  }

  #known(facts: DispatchEvent["facts"]) {
    const entries = Object.entries(facts).filter(([, value]) => value !== null)
    if (entries.length === 0) return nothing
    return html`<p class="known">
      ${entries.map(([name, value]) => {
        const text = typeof value === "string" ? value : JSON.stringify(value)
        return html`<span
          >${name}
          ${/^https?:\/\//.test(text) ? outward(text, text) : html`<span class="mono">${text}</span>`}</span
        >`
      })}
    </p>`
  }

  #facts(dispatch: Dispatch) {
    const { pullRequest, run } = dispatch
    const rows: ReadonlyArray<readonly [string, unknown]> = [
      [words.issue, outward(dispatch.issueUrl, dispatch.issueIdentifier)],
      [
        words.pullRequest,
        pullRequest === null
          ? words.none
          : html`${outward(pullRequest.url, `#${pullRequest.number}`)}
            ${dispatchesWords.pullRequestState[pullRequest.state]}${pullRequest.draft ? `, ${dispatchesWords.draft}` : nothing}`
      ],
      [
        words.run,
        run === null ? words.none : outward(run.url, run.kind === "github" ? String(run.id) : run.machineId)
      ],
      [words.repository, html`<span class="mono">${dispatch.owner}/${dispatch.repo}</span>`],
      [words.branch, html`<span class="mono">${dispatch.branch}</span>`],
      [words.ref, html`<span class="mono">${dispatch.ref}</span>`],
      [words.phase, terms.phase[dispatch.phase]],
      [words.attempt, dispatch.attempt],
      [
        words.trigger,
        html`${terms.trigger[dispatch.trigger]}${dispatch.requestedBy === null ? nothing : `, ${words.by(dispatch.requestedBy)}`}`
      ],
      [words.runsOn, terms.executionMode[dispatch.executionMode]],
      [
        words.workflow,
        dispatch.workflowFile === null ? null : html`<span class="mono">${dispatch.workflowFile}</span>`
      ],
      [words.session, terms.sessionMode[dispatch.sessionMode]],
      [
        words.provider,
        html`${terms.provider[dispatch.provider]}${dispatch.awsRegion === null ? nothing : `, ${dispatch.awsRegion}`}`
      ],
      [words.reserved, html`<relative-time .at=${dispatch.reservedAt}></relative-time>`],
      [
        words.deadline,
        dispatch.deadlineAt === null || dispatch.outcome !== null
          ? null
          : html`<relative-time .at=${dispatch.deadlineAt}></relative-time>`
      ],
      [
        words.cost,
        dispatch.costUsd === null
          ? null
          : `$${dispatch.costUsd.toFixed(2)}${dispatch.tokens === null ? "" : `, ${words.tokens(number.format(dispatch.tokens))}`}`
      ],
      [
        words.pending,
        dispatch.pending.length === 0
          ? null
          : dispatch.pending.map(
              ({ attempts, effect, lastError, nextAt }) =>
                html`<p>
                  ${words.effects[effect]}: ${words.pendingLine(attempts)}
                  <relative-time .at=${nextAt}></relative-time
                  >${lastError === null ? nothing : html`. ${lastError}`}
                </p>`
            )
      ],
      [words.id, html`<span class="mono">${dispatch.id}</span>`]
    ]
    return html`<dl class="facts">
      ${rows.map(([name, value]) =>
        value === null
          ? nothing
          : html`<dt>${name}</dt>
              <dd>${value}</dd>`
      )}
    </dl>`
  }

  async #cancel(dispatch: Dispatch) {
    await cancel(this, dispatch)
    this.#seen.refresh()
  }

  async #retry(dispatch: Dispatch) {
    const next = await retry(this, dispatch)
    if (next !== undefined) navigate(href.dispatch(next.id))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "dispatch-page": DispatchPage
  }
}
