import { html, LitElement, nothing } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { Session } from "../../src/domain/Session.ts"
import { about } from "../data/changes.ts"
import { Live } from "../data/Live.ts"
import { destroySession, listSessions } from "../data/sessions.ts"
import "../elements/action-button.ts"
import { actionsColumn, type Column } from "../elements/data-table.ts"
import "../elements/data-table.ts"
import "../elements/empty-state.ts"
import { loaded } from "../features/lists/loaded.ts"
import { sentence } from "../lib/sentence.ts"
import "../elements/state-mark.ts"
import "../elements/time-span.ts"
import { href } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { words } from "../strings/sessions.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { page } from "../styles/page.ts"
import { confirm } from "../features/actions/ask.ts"
import { matches } from "../lib/search.ts"

const keyOf = ({ machineId }: Session) => machineId

const state = ({ state }: Session) =>
  state === "started"
    ? html`<state-mark icon="dot" tone="running">${sentence(state)}</state-mark>`
    : html`<state-mark icon="halfCircle" tone="waiting">${sentence(state)}</state-mark>`

/** The Fly Machines of this orchestrator that run now. */
@customElement("sessions-page")
export class SessionsPage extends LitElement {
  static override readonly styles = [base, controls, page]

  @property({ attribute: false }) query = new URLSearchParams()

  readonly #sessions = new Live(this, {
    key: () => "sessions",
    load: listSessions,
    on: about("session", "dispatch")
  })

  readonly #columns: ReadonlyArray<Column<Session>> = [
    { name: "state", label: words.columns.state, width: "7.5rem", cell: state },
    {
      name: "issue",
      label: words.columns.issue,
      width: "7rem",
      cell: ({ dispatchId, issueIdentifier }) =>
        dispatchId === undefined
          ? html`<span class="muted">${words.noDispatch}</span>`
          : html`<a class="open mono" href=${href.dispatch(dispatchId)}>${issueIdentifier}</a>`
    },
    {
      name: "title",
      label: words.columns.title,
      stack: "line",
      cell: ({ issueTitle }) =>
        issueTitle === undefined ? nothing : html`<span title=${issueTitle}>${issueTitle}</span>`
    },
    {
      name: "repository",
      label: words.columns.repository,
      width: "11rem",
      from: 72,
      cell: ({ repo }) => html`<span class="mono" title=${repo ?? nothing}>${repo}</span>`
    },
    {
      name: "machine",
      label: words.columns.machine,
      width: "11rem",
      stack: "after",
      cell: ({ machineId, name }) => html`<span class="mono" title=${name}>${machineId}</span>`
    },
    { name: "region", label: words.columns.region, width: "4.5rem", cell: ({ region }) => region },
    {
      name: "size",
      label: words.columns.size,
      width: "7.5rem",
      align: "end",
      from: 60,
      cell: ({ cpus, memoryMb }) => (cpus === null || memoryMb === null ? "–" : words.size(cpus, memoryMb))
    },
    {
      name: "age",
      label: words.columns.age,
      width: "7rem",
      align: "end",
      cell: ({ createdAt }) => html`<time-span .from=${createdAt}></time-span>`
    },
    actionsColumn(
      "6rem",
      (session) =>
        html`<action-button
          look="compact danger"
          .label=${`${words.destroy} ${session.machineId}`}
          .run=${() => this.#destroy(session)}
          >${words.destroy}</action-button
        >`
    )
  ]

  override render() {
    return html`<div class="head"><h1>${strings.pages.sessions}</h1></div>
      ${loaded(this.#sessions, (all) => this.#list(all))}`
  }

  #list(all: ReadonlyArray<Session>) {
    const q = this.query.get("q") ?? ""
    const rows = all.filter(
      ({ issueIdentifier, issueTitle, machineId, name, repo }) =>
        q === "" || matches(q, [machineId, name, issueIdentifier ?? "", issueTitle ?? "", repo ?? ""])
    )
    if (all.length === 0) {
      return html`<empty-state .heading=${words.empty} .hint=${words.emptyHint}>
        <a href=${href.mappings}>${words.toMappings}</a>
      </empty-state>`
    }
    return rows.length === 0
      ? html`<empty-state .heading=${words.noneMatch}></empty-state>`
      : html`<data-table
          wide
          .label=${strings.pages.sessions}
          .rows=${rows}
          .columns=${this.#columns}
          .keyOf=${keyOf}
        ></data-table>`
  }

  async #destroy({ issueIdentifier, machineId }: Session) {
    await confirm(
      this,
      {
        title: words.destroyTitle(machineId),
        body: words.destroyBody(issueIdentifier),
        action: words.destroyDo,
        danger: true
      },
      () => destroySession(machineId),
      (destruction) => words.destroyed(machineId, destruction)
    )
    this.#sessions.refreshAfterAction()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "sessions-page": SessionsPage
  }
}
