import { html, LitElement, nothing } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import type { AuditEntry } from "../../src/domain/Audit.ts"
import { listAudit } from "../data/audit.ts"
import { Live } from "../data/Live.ts"
import "../elements/action-button.ts"
import type { Column } from "../elements/data-table.ts"
import "../elements/data-table.ts"
import "../elements/empty-state.ts"
import { loaded } from "../features/lists/loaded.ts"
import "../elements/relative-time.ts"
import { valueChanges } from "../elements/value-changes.ts"
import { strings } from "../strings/shell.ts"
import { words } from "../strings/audit.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { page } from "../styles/page.ts"
import { perform } from "../features/actions/perform.ts"
import { matches } from "../lib/search.ts"

const keyOf = ({ id }: AuditEntry) => id
const pageSize = 200

const columns: ReadonlyArray<Column<AuditEntry>> = [
  {
    name: "at",
    label: words.columns.at,
    width: "7rem",
    cell: ({ at }) => html`<relative-time .at=${at}></relative-time>`
  },
  {
    name: "actor",
    label: words.columns.actor,
    width: "9rem",
    cell: ({ actor }) =>
      html`<span title=${actor.address === null ? nothing : words.from(actor.address)}
        >${actor.name ?? html`<span class="muted">${words.noName}</span>`}</span
      >`
  },
  {
    name: "action",
    label: words.columns.action,
    width: "11rem",
    cell: ({ action }) => html`<span class="mono">${action}</span>`
  },
  {
    name: "subject",
    label: words.columns.subject,
    width: "12rem",
    cell: ({ subject }) => html`<span class="mono" title=${subject}>${subject}</span>`
  },
  {
    name: "change",
    label: words.columns.change,
    wrap: true,
    stack: "line",
    cell: ({ after, before }) => valueChanges(before, after)
  }
]

/** Who changed what, and when. */
@customElement("audit-page")
export class AuditPage extends LitElement {
  static override readonly styles = [base, controls, page]

  @property({ attribute: false }) query = new URLSearchParams()
  @state() private older: ReadonlyArray<AuditEntry> = []
  @state() private more = true

  readonly #newest = new Live(this, {
    key: () => "audit",
    load: (signal) => listAudit({ limit: pageSize }, signal),
    on: ({ type }) => type !== "log" && type !== "pass"
  })

  override render() {
    return html`<div class="head"><h1>${strings.pages.audit}</h1></div>
      <p class="intro">${words.intro}</p>
      ${loaded(this.#newest, (newest) => this.#list(newest))}`
  }

  #list(newest: ReadonlyArray<AuditEntry>) {
    const q = this.query.get("q") ?? ""
    const oldest = newest.at(-1)?.id ?? 0
    const all = [...newest, ...this.older.filter(({ id }) => id < oldest)]
    const rows = all.filter(
      ({ action, actor, subject }) => q === "" || matches(q, [action, subject, actor.name ?? ""])
    )
    if (all.length === 0) {
      return html`<empty-state .heading=${words.empty} .hint=${words.emptyHint}></empty-state>`
    }
    return html`${
      rows.length === 0
        ? html`<empty-state .heading=${words.noneMatch}></empty-state>`
        : html`<data-table
            wide
            size="200"
            .label=${strings.pages.audit}
            .rows=${rows}
            .columns=${columns}
            .keyOf=${keyOf}
          ></data-table>`
    }
    ${
      this.more && newest.length === pageSize
        ? html`<p class="older">
            <action-button .run=${() => this.#loadOlder(all)}>${words.older}</action-button>
          </p>`
        : nothing
    }`
  }

  #loadOlder(all: ReadonlyArray<AuditEntry>) {
    const before = all.at(-1)?.id ?? 0
    return perform(this, async () => {
      const next = await listAudit({ before, limit: pageSize })
      this.older = [...all, ...next]
      this.more = next.length === pageSize
    })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "audit-page": AuditPage
  }
}
