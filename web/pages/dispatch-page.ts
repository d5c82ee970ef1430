import { html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import { repeat } from "lit/directives/repeat.js"
import type { Question } from "../../src/domain/Question.ts"
import type { Dispatch, DispatchEvent, Logs } from "../../src/domain/Dispatch.ts"
import { getDispatch, getLogs, listEvents } from "../data/dispatches.ts"
import { Live } from "../data/Live.ts"
import { listQuestions } from "../data/questions.ts"
import "../elements/action-button.ts"
import "../elements/dispatch-waterfall.ts"
import { loaded } from "../features/lists/loaded.ts"
import "../elements/log-tail.ts"
import { outward } from "../lib/outward.ts"
import { sentence } from "../lib/sentence.ts"
import { href, navigate } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { terms } from "../strings/terms.ts"
import { words as dispatchesWords } from "../strings/dispatches.ts"
import { words } from "../strings/dispatch.ts"
import { words as questionWords } from "../strings/questions.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { dispatch as dispatchStyles } from "../styles/dispatch.ts"
import { page } from "../styles/page.ts"
import { cancel, retry } from "../features/dispatches/dispatch-actions.ts"
import { eventList } from "../features/dispatches/dispatch-events.ts"
import { facts, summary } from "../features/dispatches/dispatch-facts.ts"
import { dispatchColumns } from "../features/dispatches/dispatch-cells.ts"
import "../features/plans/plan-view.ts"
import { questionForm } from "../features/questions/question-form.ts"
import { canCancel, canRetry } from "../features/dispatches/row-actions.ts"

interface Seen {
  readonly dispatch: Dispatch
  readonly events: ReadonlyArray<DispatchEvent>
}

/** One dispatch: its timeline, its events, the facts it was made with. */
@customElement("dispatch-page")
export class DispatchPage extends LitElement {
  static override readonly styles = [base, controls, page, dispatchStyles]

  @property() dispatchId = ""

  readonly #seen = new Live<Seen>(this, {
    key: () => `dispatch ${this.dispatchId}`,
    load: async (signal) => {
      const [dispatch, events] = await Promise.all([
        getDispatch(this.dispatchId, signal),
        listEvents(this.dispatchId, signal)
      ])
      return { dispatch, events: events.toSorted((a, b) => a.id - b.id) }
    },
    on: ({ data, subject, type }) =>
      type !== "log" && (subject === this.dispatchId || data.dispatchId === this.dispatchId)
  })
  readonly #logs = new Live(this, {
    key: () => `logs ${this.dispatchId}`,
    load: (signal) => getLogs(this.dispatchId, signal),
    on: ({ subject, type }) => (type === "log" || type === "dispatch") && subject === this.dispatchId
  })

  readonly #questions = new Live(this, {
    key: () => `questions ${this.dispatchId}`,
    load: async (signal) =>
      (await listQuestions(signal)).filter(({ dispatchId }) => dispatchId === this.dispatchId),
    on: ({ data, type }) => type === "question" && data.dispatchId === this.dispatchId
  })

  override render() {
    return html`<p class="crumb"><a href=${href.dispatches}>${strings.pages.dispatches}</a></p>
      ${loaded(this.#seen, (seen) => this.#show(seen), {
        heading: words.missing,
        href: href.dispatches,
        text: words.toList
      })}`
  }

  #show({ dispatch, events }: Seen) {
    const asked = this.#asked(this.#questions.value ?? [])
    return html`<div class="head">
        <h1><span class="mono">${dispatch.issueIdentifier}</span>${dispatch.issueTitle}</h1>
        <span role="status">${dispatchColumns.status.cell(dispatch)}</span>
        <div class="end">${this.#actions(dispatch)}</div>
      </div>
      ${summary(dispatch)} ${this.#outcome(dispatch)} ${dispatch.waitingFor === null ? nothing : asked}
      ${
        dispatch.phase === "planning" && dispatch.outcome?.kind === "delivered"
          ? html`<plan-view .dispatchId=${dispatch.id}></plan-view>`
          : nothing
      }
      <section>
        <h2>${words.timeline}</h2>
        <dispatch-waterfall .dispatch=${dispatch} .events=${events}></dispatch-waterfall>
      </section>
      <div class="columns">
        <div class="main">
          ${dispatch.waitingFor === null ? asked : nothing}
          ${this.#logs.value === undefined ? nothing : this.#log(this.#logs.value)}
          <section class="events">
            <h2>${words.events}</h2>
            ${eventList(dispatch, events)}
          </section>
        </div>
        <section>
          <h2>${words.facts}</h2>
          ${facts(dispatch)}
        </section>
      </div>`
  }

  #asked(questions: ReadonlyArray<Question>) {
    if (questions.length === 0) return nothing
    return html`<section>
      <h2>${questionWords.title}</h2>
      ${repeat(
        questions,
        ({ id }) => id,
        (question) => questionForm(this, question, this.#questions.refreshAfterAction)
      )}
    </section>`
  }

  #log({ lines, url }: Logs) {
    if (lines.length === 0) return nothing
    return html`<section>
      <div class="title">
        <h2>${words.log}</h2>
        ${url === null ? nothing : outward(url, words.wholeLog)}
      </div>
      <log-tail .lines=${lines}></log-tail>
    </section>`
  }

  #outcome({ outcome }: Dispatch) {
    if (outcome === null) return nothing
    return html`<div class="note ${outcome.kind === "delivered" ? "delivered" : "failed"}">
      <p>
        <strong>${terms.outcomeKind[outcome.kind]}, ${terms.outcomeReason[outcome.reason]}.</strong>
        ${sentence(outcome.message)}
      </p>
    </div>`
  }

  #actions(dispatch: Dispatch) {
    return html`${
      canCancel(dispatch)
        ? html`<action-button look="danger" .run=${() => this.#cancel(dispatch)}
            >${dispatchesWords.cancel}</action-button
          >`
        : nothing
    }
    ${
      canRetry(dispatch)
        ? html`<action-button .run=${() => this.#retry(dispatch)}>${dispatchesWords.retry}</action-button>`
        : nothing
    }`
  }

  async #cancel(dispatch: Dispatch) {
    await cancel(this, dispatch)
    this.#seen.refreshAfterAction()
  }

  #retry(dispatch: Dispatch) {
    return retry(this, dispatch, ({ id }) => navigate(href.dispatch(id)))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "dispatch-page": DispatchPage
  }
}
