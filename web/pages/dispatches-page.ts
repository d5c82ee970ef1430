import { consume } from "@lit/context"
import { html, LitElement, nothing } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import { DispatchStatus } from "../../src/domain/DispatchStatus.ts"
import { listDispatches } from "../data/dispatches.ts"
import { overviewContext, type OverviewState } from "../data/overview.ts"
import { Polling } from "../data/Polling.ts"
import "../elements/action-button.ts"
import type { Column } from "../elements/data-table.ts"
import "../elements/data-table.ts"
import "../elements/empty-state.ts"
import { polled } from "../elements/polled.ts"
import { href, setQuery } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { terms } from "../strings/terms.ts"
import { words as issuesWords } from "../strings/issues.ts"
import { words } from "../strings/dispatches.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { page } from "../styles/page.ts"
import { cancel, canCancel, canRetry, retry } from "./dispatch-actions.ts"
import { dispatchColumns } from "./dispatch-cells.ts"
import { matches } from "./search.ts"

const keyOf = ({ id }: Dispatch) => id
const texts = (dispatch: Dispatch) => [
  dispatch.issueIdentifier,
  dispatch.issueTitle,
  `${dispatch.owner}/${dispatch.repo}`,
  dispatch.branch,
  dispatch.id
]

/** The log: the last 500 dispatches, live. */
@customElement("dispatches-page")
export class DispatchesPage extends LitElement {
  static override readonly styles = [base, controls, page]

  @property({ attribute: false }) query = new URLSearchParams()
  @consume({ context: overviewContext, subscribe: true }) @state() private overview: OverviewState | undefined

  readonly #log = new Polling(this, {
    key: () => `log ${this.#team} ${this.#status}`,
    load: (signal) => {
      const status = DispatchStatus.literals.find((known) => known === this.#status)
      return listDispatches(
        {
          ...(this.#team === "" ? {} : { team: this.#team }),
          ...(status === undefined ? {} : { status })
        },
        signal
      )
    }
  })

  readonly #columns: ReadonlyArray<Column<Dispatch>> = [
    ...Object.values(dispatchColumns),
    {
      name: "actions",
      label: strings.table.actions,
      width: "5.5rem",
      align: "end",
      stack: "after",
      cell: (dispatch) => html`<span class="actions">${this.#actions(dispatch)}</span>`
    }
  ]

  get #team() {
    return this.query.get("team") ?? ""
  }

  get #status() {
    return this.query.get("status") ?? ""
  }

  override render() {
    return html`<div class="head"><h1>${strings.pages.dispatches}</h1></div>
      ${polled(this.#log, (all) => this.#list(all))}`
  }

  #list(all: ReadonlyArray<Dispatch>) {
    const q = this.query.get("q") ?? ""
    const filtered = q !== "" || this.#team !== "" || this.#status !== ""
    const rows = all.filter(
      (dispatch) =>
        (this.#status !== "live" || dispatch.outcome === null) && (q === "" || matches(q, texts(dispatch)))
    )
    return html`${this.#filters(rows.length, all.length)}
    ${
      rows.length > 0
        ? html`<data-table
            .label=${strings.pages.dispatches}
            .rows=${rows}
            .columns=${this.#columns}
            .keyOf=${keyOf}
          ></data-table>`
        : filtered
          ? html`<empty-state .heading=${words.noneMatch}>
              <button type="button" @click=${this.#clear}>${words.clear}</button>
            </empty-state>`
          : html`<empty-state .heading=${words.empty} .hint=${words.emptyHint}>
              <a href=${href.issues}>${words.toIssues}</a>
            </empty-state>`
    }`
  }

  #filters(shown: number, all: number) {
    const teams = this.overview?.value?.teams.map(({ teamKey }) => teamKey) ?? []
    const known = this.#team === "" || teams.includes(this.#team) ? teams : [...teams, this.#team]
    return html`<div class="filters">
      <select name="status" aria-label=${words.columns.status} @change=${this.#filter}>
        <option value="">${words.allStatuses}</option>
        <option value="live" ?selected=${this.#status === "live"}>${words.live}</option>
        ${DispatchStatus.literals.map(
          (status) =>
            html`<option value=${status} ?selected=${this.#status === status}>
              ${terms.status[status]}
            </option>`
        )}
      </select>
      <select name="team" aria-label=${issuesWords.columns.team} @change=${this.#filter}>
        <option value="">${words.allTeams}</option>
        ${known.map((team) => html`<option value=${team} ?selected=${this.#team === team}>${team}</option>`)}
      </select>
      <span class="end" role="status">${words.count(shown, all)}</span>
    </div>`
  }

  #actions(dispatch: Dispatch) {
    if (canCancel(dispatch)) {
      return html`<action-button
        look="compact"
        .label=${`${words.cancel} ${dispatch.issueIdentifier}`}
        .run=${() => this.#cancel(dispatch)}
        >${words.cancel}</action-button
      >`
    }
    if (!canRetry(dispatch) || dispatch.status === "succeeded") return nothing
    return html`<action-button
      look="compact"
      .label=${`${words.retry} ${dispatch.issueIdentifier}`}
      .run=${() => this.#retry(dispatch)}
      >${words.retry}</action-button
    >`
  }

  async #cancel(dispatch: Dispatch) {
    await cancel(this, dispatch)
    this.#log.refresh()
  }

  async #retry(dispatch: Dispatch) {
    await retry(this, dispatch)
    this.#log.refresh()
  }

  readonly #filter = ({ target }: Event) => {
    if (target instanceof HTMLSelectElement) setQuery({ [target.name]: target.value })
  }

  readonly #clear = () => setQuery({ q: "", status: "", team: "" })
}

declare global {
  interface HTMLElementTagNameMap {
    "dispatches-page": DispatchesPage
  }
}
