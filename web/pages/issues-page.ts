import { consume } from "@lit/context"
import { html, LitElement, nothing } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import type { Issue } from "../../src/domain/Issue.ts"
import type { ReasonTag } from "../../src/domain/Reason.ts"
import { dispatchIssue, listIssues, removeFromDedup, resetIssue, unparkIssue } from "../data/issues.ts"
import { overviewContext, type OverviewState } from "../data/overview.ts"
import { Polling } from "../data/Polling.ts"
import "../elements/action-button.ts"
import type { Column } from "../elements/data-table.ts"
import "../elements/data-table.ts"
import "../elements/empty-state.ts"
import { polled } from "../elements/polled.ts"
import "../elements/reason-text.ts"
import "../elements/relative-time.ts"
import { href, setQuery } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { terms } from "../strings/terms.ts"
import { words } from "../strings/issues.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { page } from "../styles/page.ts"
import { ask } from "./ask.ts"
import { perform } from "./perform.ts"
import { matches } from "./search.ts"

const keyOf = ({ issueId }: Issue) => issueId
const passable: ReadonlySet<ReasonTag | undefined> = new Set([
  "paused",
  "blocked",
  "parked",
  "dedup",
  "backing_off",
  "lost_race"
])

const decision = (issue: Issue) => {
  if (issue.reason !== null) {
    return html`<reason-text .reason=${issue.reason} .teamKey=${issue.teamKey}></reason-text>`
  }
  const what = html`<strong>${words.dispatching}</strong>`
  const phase = issue.phase === null ? nothing : html`<span class="muted">${terms.phase[issue.phase]}</span>`
  return issue.dispatchId === null
    ? html`${what} ${phase}`
    : html`<a href=${href.dispatch(issue.dispatchId)}>${what}</a> ${phase}`
}

/** Every candidate, with what the last pass decided about it and why. */
@customElement("issues-page")
export class IssuesPage extends LitElement {
  static override readonly styles = [base, controls, page]

  @property({ attribute: false }) query = new URLSearchParams()
  @consume({ context: overviewContext, subscribe: true }) @state() private overview: OverviewState | undefined

  readonly #issues = new Polling(this, { key: () => "issues", load: listIssues })

  readonly #columns: ReadonlyArray<Column<Issue>> = [
    {
      name: "issue",
      label: words.columns.issue,
      width: "6.5rem",
      cell: ({ identifier, url }) =>
        html`<a class="mono" href=${url} target="_blank" rel="noreferrer">${identifier}</a>`
    },
    {
      name: "title",
      label: words.columns.title,
      stack: "line",
      cell: ({ title }) => html`<span title=${title}>${title}</span>`
    },
    { name: "team", label: words.columns.team, width: "5rem", from: 96, cell: ({ teamKey }) => teamKey },
    {
      name: "priority",
      label: words.columns.priority,
      width: "6.5rem",
      from: 72,
      cell: ({ priority }) => words.priority[priority] ?? words.priority[0]
    },
    {
      name: "state",
      label: words.columns.state,
      width: "8rem",
      from: 84,
      cell: ({ state }) => html`<span title=${state.name}>${state.name}</span>`
    },
    { name: "decision", label: words.columns.why, width: "34%", wrap: true, stack: "line", cell: decision },
    {
      name: "since",
      label: words.columns.since,
      width: "6.5rem",
      cell: ({ since }) => html`<span class="muted"><relative-time .at=${since}></relative-time></span>`
    },
    {
      name: "actions",
      label: strings.table.actions,
      width: "13rem",
      align: "end",
      stack: "after",
      cell: (issue) => html`<span class="actions">${this.#actions(issue)}</span>`
    }
  ]

  override render() {
    return html`<div class="head"><h1>${strings.pages.issues}</h1></div>
      ${polled(this.#issues, (all) => this.#list(all))}`
  }

  #list(all: ReadonlyArray<Issue>) {
    const q = this.query.get("q") ?? ""
    const team = this.query.get("team") ?? ""
    const reason = this.query.get("reason") ?? ""
    const rows = all.filter(
      (issue) =>
        (team === "" || issue.teamKey === team) &&
        (reason === "" || (issue.reason?._tag ?? "dispatch") === reason) &&
        (q === "" || matches(q, [issue.identifier, issue.title, issue.teamKey]))
    )
    return html`${this.#filters(all, rows.length, team, reason)}
    ${
      rows.length > 0
        ? html`<data-table
            .label=${strings.pages.issues}
            .rows=${rows}
            .columns=${this.#columns}
            .keyOf=${keyOf}
          ></data-table>`
        : all.length > 0
          ? html`<empty-state .heading=${words.noneMatch}>
              <button type="button" @click=${this.#clear}>${words.clear}</button>
            </empty-state>`
          : html`<empty-state
              .heading=${words.empty}
              .hint=${words.emptyHint(this.#pickupLabel)}
            ></empty-state>`
    }`
  }

  get #pickupLabel() {
    const setting = this.overview?.value?.settings.find(({ name }) => name === "PICKUP_LABEL")
    return setting?.value ?? "AI-Implement"
  }

  #filters(all: ReadonlyArray<Issue>, shown: number, team: string, reason: string) {
    const teams = [...new Set(all.map(({ teamKey }) => teamKey))].sort()
    const counts = new Map<ReasonTag | "dispatch", number>()
    for (const issue of all) {
      const tag = issue.reason?._tag ?? "dispatch"
      counts.set(tag, (counts.get(tag) ?? 0) + 1)
    }
    return html`<div class="filters">
      <select name="reason" aria-label=${words.columns.why} @change=${this.#filter}>
        <option value="">${words.allReasons}</option>
        ${[...counts].map(
          ([tag, count]) =>
            html`<option value=${tag} ?selected=${tag === reason}>
              ${tag === "dispatch" ? words.willDispatch : terms.reason[tag]} (${count})
            </option>`
        )}
      </select>
      <select name="team" aria-label=${words.columns.team} @change=${this.#filter}>
        <option value="">${words.allTeams}</option>
        ${teams.map((key) => html`<option value=${key} ?selected=${key === team}>${key}</option>`)}
      </select>
      <span class="end" role="status">${words.count(shown, all.length)}</span>
    </div>`
  }

  #actions(issue: Issue) {
    const tag = issue.reason?._tag
    return html`${tag === "parked" ? this.#button(words.unpark, issue, () => this.#unpark(issue)) : nothing}
    ${tag === "dedup" ? this.#button(words.forget, issue, () => this.#forget(issue)) : nothing}
    ${tag === "labelled_elsewhere" ? this.#button(words.reset, issue, () => this.#reset(issue)) : nothing}
    ${passable.has(tag) ? this.#button(words.dispatchNow, issue, () => this.#dispatch(issue)) : nothing}`
  }

  #button(text: string, issue: Issue, run: () => Promise<unknown>) {
    return html`<action-button look="compact" .label=${`${text} ${issue.identifier}`} .run=${run}
      >${text}</action-button
    >`
  }

  async #perform<A>(action: () => Promise<A>, done: string) {
    await perform(this, action, () => done)
    this.#issues.refresh()
  }

  #unpark({ identifier, issueId }: Issue) {
    return this.#perform(() => unparkIssue(issueId), words.unparked(identifier))
  }

  #forget({ identifier, issueId }: Issue) {
    return this.#perform(() => removeFromDedup(issueId), words.forgotten(identifier))
  }

  #dispatch({ identifier, issueId }: Issue) {
    return this.#perform(() => dispatchIssue(issueId), words.dispatched(identifier))
  }

  async #reset({ identifier, issueId, reason }: Issue) {
    const label = reason?._tag === "labelled_elsewhere" ? reason.label : ""
    const yes = await ask({
      title: words.resetTitle(identifier),
      body: words.resetBody(label),
      action: words.reset,
      danger: true
    })
    if (yes !== null) await this.#perform(() => resetIssue(issueId), words.resetDone(identifier))
  }

  readonly #filter = ({ target }: Event) => {
    if (target instanceof HTMLSelectElement) setQuery({ [target.name]: target.value })
  }

  readonly #clear = () => setQuery({ q: "", reason: "", team: "" })
}

declare global {
  interface HTMLElementTagNameMap {
    "issues-page": IssuesPage
  }
}
