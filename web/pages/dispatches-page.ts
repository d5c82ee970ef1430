import { consume } from "@lit/context"
import { html, LitElement, nothing } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import { DispatchStatus } from "../../src/domain/DispatchStatus.ts"
import { listDispatches, listWithLive } from "../data/dispatches.ts"
import { overviewContext, type OverviewState, usedSlots } from "../data/overview.ts"
import { about } from "../data/changes.ts"
import { Live } from "../data/Live.ts"
import "../elements/action-button.ts"
import { actionsColumn, type Column } from "../elements/data-table.ts"
import "../elements/data-table.ts"
import "../elements/empty-state.ts"
import "../elements/filter-links.ts"
import { loaded } from "../features/lists/loaded.ts"
import { href, hrefWith, setQuery } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { terms } from "../strings/terms.ts"
import { words } from "../strings/dispatches.ts"
import { base } from "../styles/base.ts"
import { fields } from "../styles/fields.ts"
import { page } from "../styles/page.ts"
import { selection } from "../styles/selection.ts"
import { cancelAll } from "../features/dispatches/dispatch-actions.ts"
import { dispatchColumns } from "../features/dispatches/dispatch-cells.ts"
import { canCancel, rowActions } from "../features/dispatches/row-actions.ts"
import { matches } from "../lib/search.ts"
import { teamFilter } from "../features/lists/team-filter.ts"

const keyOf = ({ id }: Dispatch) => id
const texts = (dispatch: Dispatch) => [
  dispatch.issueIdentifier,
  dispatch.issueTitle,
  `${dispatch.owner}/${dispatch.repo}`,
  dispatch.branch,
  dispatch.id
]
const { duration, issue, mode, outcome, phase, repository, run, started, status, title } = dispatchColumns
const ended = ["succeeded", "failed", "timed_out", "cancelled"] as const

/** The log: the last 500 dispatches, live. */
@customElement("dispatches-page")
export class DispatchesPage extends LitElement {
  static override readonly styles = [base, fields, page, selection]

  @property({ attribute: false }) query = new URLSearchParams()
  @consume({ context: overviewContext, subscribe: true }) @state() private overview: OverviewState | undefined
  @state() private selected: ReadonlySet<string> = new Set()

  readonly #log = new Live(this, {
    key: () => `log ${this.#team} ${this.#status}`,
    load: (signal) => {
      const status = DispatchStatus.literals.find((known) => known === this.#status)
      const query = this.#team === "" ? {} : { team: this.#team }
      return status === undefined
        ? listWithLive(query, usedSlots(this.overview?.value, this.#team), signal)
        : listDispatches({ ...query, status }, signal)
    },
    on: about("dispatch")
  })

  readonly #columns: ReadonlyArray<Column<Dispatch>> = [
    {
      name: "select",
      label: words.select,
      width: "2rem",
      head: () => this.#selectAll(),
      cell: (dispatch) => this.#select(dispatch)
    },
    status,
    issue,
    title,
    repository,
    phase,
    mode,
    outcome,
    run,
    started,
    duration,
    actionsColumn("5.5rem", (dispatch) => rowActions(this, dispatch, this.#log.refreshAfterAction))
  ]

  get #team() {
    return this.query.get("team") ?? ""
  }

  get #status() {
    return this.query.get("status") ?? ""
  }

  get #shown() {
    const q = this.query.get("q") ?? ""
    return (this.#log.value ?? []).filter(
      (dispatch) =>
        (this.#status !== "live" || dispatch.outcome === null) && (q === "" || matches(q, texts(dispatch)))
    )
  }

  get #chosen() {
    return this.#shown.filter((dispatch) => this.selected.has(dispatch.id) && canCancel(dispatch))
  }

  override render() {
    return html`<div class="head"><h1>${strings.pages.dispatches}</h1></div>
      ${loaded(this.#log, (all) => this.#list(all), {
        heading: words.invalidAddress,
        href: href.dispatches,
        text: words.showAll
      })}`
  }

  #list(all: ReadonlyArray<Dispatch>) {
    const rows = this.#shown
    const filtered = this.query.get("q") || this.#team !== "" || this.#status !== ""
    return html`${all.length === 0 && !filtered ? nothing : this.#filters(rows.length, all.length)}
    ${
      rows.length > 0
        ? html`<data-table
              wide
              .label=${strings.pages.dispatches}
              .rows=${rows}
              .columns=${[...this.#columns]}
              .keyOf=${keyOf}
            ></data-table>
            ${this.#bulk()}`
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
    const link = (value: string, text: string) => ({ value, text, href: hrefWith({ status: value }) })
    return html`<div class="filters">
      <filter-links
        .label=${words.columns.status}
        .value=${this.#status}
        .links=${[
          link("", words.allStatuses),
          link("live", words.live),
          ...ended.map((status) => link(status, terms.status[status]))
        ]}
      ></filter-links>
      ${teamFilter(this.overview?.value?.teams.map(({ teamKey }) => teamKey) ?? [], this.#team)}
      <span class="end" role="status">${words.count(shown, all)}</span>
    </div>`
  }

  #selectAll() {
    const all = this.#shown.filter(canCancel)
    const chosen = this.#chosen.length
    return html`<input
      type="checkbox"
      aria-label=${words.selectAll}
      ?disabled=${all.length === 0}
      .checked=${chosen > 0 && chosen === all.length}
      .indeterminate=${chosen > 0 && chosen < all.length}
      @change=${() => {
        this.selected = new Set(chosen === all.length ? [] : all.map(keyOf))
      }}
    />`
  }

  #select(dispatch: Dispatch) {
    if (!canCancel(dispatch)) return nothing
    const { id, issueIdentifier } = dispatch
    return html`<input
      type="checkbox"
      aria-label="${words.select} ${issueIdentifier}"
      .checked=${this.selected.has(id)}
      @change=${() => {
        this.selected = this.selected.symmetricDifference(new Set([id]))
      }}
    />`
  }

  #bulk() {
    const many = this.#chosen.length
    return html`<p class="hidden" role="status">${many === 0 ? nothing : words.selected(many)}</p>
      ${
        many === 0
          ? nothing
          : html`<div class="selection" role="region" aria-label=${words.selection}>
              <span>${words.selected(many)}</span>
              <action-button look="danger" .run=${this.#cancelChosen}
                >${words.cancelMany(many)}</action-button
              >
              <button type="button" class="quiet" @click=${this.#unselect}>${words.unselect}</button>
            </div>`
      }`
  }

  readonly #cancelChosen = async () => {
    if (await cancelAll(this, this.#chosen)) this.#unselect()
    this.#log.refreshAfterAction()
  }

  readonly #unselect = () => {
    this.selected = new Set()
  }

  readonly #clear = () => setQuery({ q: "", status: "", team: "" })
}

declare global {
  interface HTMLElementTagNameMap {
    "dispatches-page": DispatchesPage
  }
}
