import { html, LitElement } from "lit"
import { customElement, property } from "lit/decorators.js"
import type { DedupEntry } from "../../src/domain/Dedup.ts"
import { listDedup } from "../data/issues.ts"
import { about } from "../data/changes.ts"
import { Live } from "../data/Live.ts"
import "../elements/action-button.ts"
import { actionsColumn, type Column } from "../elements/data-table.ts"
import "../elements/data-table.ts"
import "../elements/empty-state.ts"
import { loaded } from "../features/lists/loaded.ts"
import "../elements/relative-time.ts"
import { href } from "../router/navigation.ts"
import { strings } from "../strings/shell.ts"
import { words } from "../strings/dedup.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { page } from "../styles/page.ts"
import { remove } from "../features/issues/dedup-actions.ts"
import { matches } from "../lib/search.ts"

const keyOf = ({ issueId }: DedupEntry) => issueId

/** Issues that were dispatched within the last 24 hours. */
@customElement("dedup-page")
export class DedupPage extends LitElement {
  static override readonly styles = [base, controls, page]

  @property({ attribute: false }) query = new URLSearchParams()

  readonly #entries = new Live(this, { key: () => "dedup", load: listDedup, on: about("issue") })

  readonly #columns: ReadonlyArray<Column<DedupEntry>> = [
    {
      name: "issue",
      label: words.columns.issue,
      width: "7rem",
      cell: ({ issueIdentifier }) =>
        html`<a class="open mono" href="${href.dispatches}?q=${issueIdentifier}">${issueIdentifier}</a>`
    },
    {
      name: "title",
      label: words.columns.title,
      stack: "line",
      cell: ({ issueTitle }) => html`<span title=${issueTitle}>${issueTitle}</span>`
    },
    {
      name: "dispatched",
      label: words.columns.dispatched,
      width: "8rem",
      align: "end",
      cell: ({ dispatchedAt }) =>
        html`<span class="muted"><relative-time .at=${dispatchedAt}></relative-time></span>`
    },
    {
      name: "left",
      label: words.columns.left,
      width: "8rem",
      align: "end",
      cell: ({ expiresAt }) => html`<relative-time .at=${expiresAt}></relative-time>`
    },
    actionsColumn(
      "6rem",
      (entry) =>
        html`<action-button
          look="compact"
          .label=${`${words.remove} ${entry.issueIdentifier}`}
          .run=${() => this.#remove(entry)}
          >${words.remove}</action-button
        >`
    )
  ]

  override render() {
    return html`<div class="head"><h1>${strings.pages.dedup}</h1></div>
      <p class="intro">${words.intro}</p>
      ${loaded(this.#entries, (all) => this.#list(all))}`
  }

  #list(all: ReadonlyArray<DedupEntry>) {
    if (all.length === 0) {
      return html`<empty-state .heading=${words.empty} .hint=${words.emptyHint}></empty-state>`
    }
    const q = this.query.get("q") ?? ""
    const rows = all.filter(
      ({ issueIdentifier, issueTitle }) => q === "" || matches(q, [issueIdentifier, issueTitle])
    )
    if (rows.length === 0) return html`<empty-state .heading=${words.noneMatch}></empty-state>`
    return html`<data-table
      .label=${strings.pages.dedup}
      .rows=${rows}
      .columns=${this.#columns}
      .keyOf=${keyOf}
    ></data-table>`
  }

  async #remove({ issueId, issueIdentifier }: DedupEntry) {
    await remove(this, issueId, issueIdentifier)
    this.#entries.refreshAfterAction()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "dedup-page": DedupPage
  }
}
