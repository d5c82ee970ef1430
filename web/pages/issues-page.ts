import { consume } from "@lit/context"
import { html, LitElement, nothing } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import type { Issue } from "../../src/domain/Issue.ts"
import type { ReasonTag } from "../../src/domain/Reason.ts"
import { listIssues } from "../data/issues.ts"
import { overviewContext, type OverviewState } from "../data/overview.ts"
import { about } from "../data/changes.ts"
import { Live } from "../data/Live.ts"
import { actionsColumn, type Column } from "../elements/data-table.ts"
import "../elements/data-table.ts"
import "../elements/empty-state.ts"
import "../elements/filter-links.ts"
import { icons } from "../lib/icons.ts"
import { loaded } from "../features/lists/loaded.ts"
import { type ReasonAppearance, reasonAppearances } from "../features/issues/reason-appearances.ts"
import "../features/issues/reason-text.ts"
import "../elements/relative-time.ts"
import { href, hrefWith, setQuery } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { terms } from "../strings/terms.ts"
import { words } from "../strings/issues.ts"
import { base } from "../styles/base.ts"
import { fields } from "../styles/fields.ts"
import { page } from "../styles/page.ts"
import { issueActions } from "../features/issues/issue-actions.ts"
import { matches } from "../lib/search.ts"
import { teamFilter } from "../features/lists/team-filter.ts"

const keyOf = ({ issueId }: Issue) => issueId
const groups: ReadonlyArray<ReasonAppearance["ends"]> = ["person", "itself", "nothing"]
const groupOf = ({ reason }: Issue) => (reason === null ? "dispatch" : reasonAppearances[reason._tag].ends)
const tagOf = ({ reason }: Issue) => reason?._tag ?? "dispatch"

const decision = (issue: Issue) => {
  if (issue.reason !== null) {
    return html`<reason-text .reason=${issue.reason} .teamKey=${issue.teamKey}></reason-text>`
  }
  const what = html`<state-mark icon="arrow" tone="running"
    ><strong>${words.dispatching}</strong></state-mark
  >`
  const phase = issue.phase === null ? nothing : html`<span class="muted">${terms.phase[issue.phase]}</span>`
  return issue.dispatchId === null
    ? html`${what} ${phase}`
    : html`<a href=${href.dispatch(issue.dispatchId)}>${what}</a> ${phase}`
}

/** Every candidate, with what the last pass decided about it and why. */
@customElement("issues-page")
export class IssuesPage extends LitElement {
  static override readonly styles = [base, fields, page]

  @property({ attribute: false }) query = new URLSearchParams()
  @consume({ context: overviewContext, subscribe: true }) @state() private overview: OverviewState | undefined

  readonly #issues = new Live(this, {
    key: () => "issues",
    load: listIssues,
    on: about("issue", "dispatch", "mapping")
  })

  readonly #columns: ReadonlyArray<Column<Issue>> = [
    {
      name: "issue",
      label: words.columns.issue,
      width: "7.5rem",
      cell: ({ identifier, url }) =>
        html`<span class="links"
          ><a class="open mono" href="${href.dispatches}?q=${identifier}">${identifier}</a
          ><a href=${url} target="_blank" rel="noreferrer" aria-label=${words.inLinear(identifier)}
            >${icons.out}</a
          ></span
        >`
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
      align: "end",
      cell: ({ since }) => html`<span class="muted"><relative-time .at=${since}></relative-time></span>`
    },
    actionsColumn("13rem", (issue) => issueActions(this, issue, this.#issues.refreshAfterAction))
  ]

  override render() {
    return html`<div class="head"><h1>${strings.pages.issues}</h1></div>
      ${loaded(this.#issues, (all) => this.#list(all))}`
  }

  #list(all: ReadonlyArray<Issue>) {
    const q = this.query.get("q") ?? ""
    const team = this.query.get("team") ?? ""
    const reason = this.query.get("reason") ?? ""
    const rows = all.filter(
      (issue) =>
        (team === "" || issue.teamKey === team) &&
        (reason === "" || reason === tagOf(issue) || reason === groupOf(issue)) &&
        (q === "" || matches(q, [issue.identifier, issue.title, issue.teamKey]))
    )
    return html`${all.length === 0 ? nothing : this.#filters(all, rows.length, team, reason)}
    ${
      rows.length > 0
        ? html`<data-table
            wide
            size="200"
            .label=${strings.pages.issues}
            .rows=${rows}
            .columns=${this.#columns}
            .keyOf=${keyOf}
          ></data-table>`
        : all.length > 0
          ? html`<empty-state .heading=${words.noneMatch}>
              <button type="button" @click=${this.#clear}>${words.clear}</button>
            </empty-state>`
          : html`<empty-state .heading=${words.empty} .hint=${words.emptyHint(this.#pickupLabel)}
              ><a href=${href.mappings}>${words.toMappings}</a></empty-state
            >`
    }`
  }

  get #pickupLabel() {
    const setting = this.overview?.value?.settings.find(({ name }) => name === "PICKUP_LABEL")
    return setting?.value ?? "AI-Implement"
  }

  #filters(all: ReadonlyArray<Issue>, shown: number, team: string, reason: string) {
    const count = (of: (issue: Issue) => string) => {
      const counts = new Map<string, number>()
      for (const issue of all) counts.set(of(issue), (counts.get(of(issue)) ?? 0) + 1)
      return counts
    }
    const byGroup = count(groupOf)
    const byTag = count(tagOf)
    const link = (value: string, text: string, count: number) => ({
      value,
      text,
      count,
      href: hrefWith({ reason: value })
    })
    return html`<div class="filters">
      <filter-links
        .label=${words.groups.label}
        .value=${reason}
        .links=${[
          link("", words.groups.all, all.length),
          ...groups.map((group) => link(group, words.groups[group], byGroup.get(group) ?? 0))
        ]}
      ></filter-links>
      <select aria-label=${words.columns.why} @change=${this.#filter}>
        <option value="">${words.allReasons}</option>
        ${[...byTag]
          .toSorted(([, a], [, b]) => b - a)
          .map(
            ([tag, count]) =>
              html`<option value=${tag} ?selected=${tag === reason}>
                ${tag === "dispatch" ? words.willDispatch : terms.reason[tag as ReasonTag]} (${count})
              </option>`
          )}
      </select>
      ${teamFilter([...new Set(all.map(({ teamKey }) => teamKey))].sort(), team)}
      <span class="end" role="status">${words.count(shown, all.length)}</span>
    </div>`
  }

  readonly #filter = ({ target }: Event) => {
    if (target instanceof HTMLSelectElement) setQuery({ reason: target.value })
  }

  readonly #clear = () => setQuery({ q: "", reason: "", team: "" })
}

declare global {
  interface HTMLElementTagNameMap {
    "issues-page": IssuesPage
  }
}
