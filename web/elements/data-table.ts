import { css, html, LitElement, nothing } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import { repeat } from "lit/directives/repeat.js"
import { strings } from "../strings/shell.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { styled } from "./styled.ts"

export interface Column<Row> {
  readonly name: string
  readonly label: string
  readonly cell: (row: Row) => unknown
  /** A CSS length; columns without one share what is left. */
  readonly width?: string
  readonly align?: "end"
  /** Left out of tables narrower than this, in rem. */
  readonly from?: 60 | 72 | 84 | 96
  /** May take several lines instead of being cut. */
  readonly wrap?: boolean
  /** When rows are stacked: a line of its own, or after that line. */
  readonly stack?: "line" | "after"
}

const step = 200

/** Rows in a native table: sticky head, a click on a row follows its `a.open`, stacked when narrow. */
@customElement("data-table")
export class DataTable<Row> extends LitElement {
  static override readonly styles = [
    base,
    controls,
    css`
      :host {
        container-type: inline-size;
      }
      table {
        width: 100%;
        border-collapse: separate;
        border-spacing: 0;
        table-layout: fixed;
      }
      th {
        position: sticky;
        top: var(--table-top, var(--header));
        z-index: 1;
        height: 2rem;
        padding: 0 0.5rem;
        background: var(--ground);
        border-bottom: 1px solid var(--edge);
        color: var(--muted);
        font-size: var(--small);
        font-weight: 400;
        text-align: start;
        white-space: nowrap;
      }
      td {
        height: 2rem;
        padding: 0.25rem 0.5rem;
        border-bottom: 1px solid var(--hairline);
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      td.wrap {
        white-space: normal;
      }
      td:first-child,
      th:first-child {
        padding-left: 0.75rem;
      }
      td:last-child,
      th:last-child {
        padding-right: 0.75rem;
      }
      .end {
        text-align: end;
      }
      tbody tr:hover td,
      tbody tr:focus-within td {
        background: var(--hover);
      }
      tbody tr:has(a.open) {
        cursor: pointer;
      }
      a.open {
        color: inherit;
        font-weight: var(--strong);
        text-decoration: none;
      }
      a.open:hover {
        text-decoration: underline;
      }
      td:has(:focus-visible) {
        overflow: visible;
      }
      .actions {
        display: flex;
        gap: 0.25rem;
        justify-content: flex-end;
      }
      @media (hover: hover) {
        tbody tr:not(:hover, :focus-within) .actions {
          opacity: 0;
        }
      }
      .links {
        display: flex;
        gap: 0.75rem;
      }
      .foot {
        display: flex;
        align-items: center;
        gap: 1rem;
        padding: 0.75rem;
        color: var(--muted);
      }
      @container (width < 96rem) {
        .from-96 {
          display: none;
        }
      }
      @container (width < 84rem) {
        .from-84 {
          display: none;
        }
      }
      @container (width < 72rem) {
        .from-72 {
          display: none;
        }
      }
      @container (width < 60rem) {
        .from-60 {
          display: none;
        }
      }
      @container (width < 40rem) {
        thead {
          position: absolute;
          display: block;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        table,
        tbody {
          display: block;
        }
        tbody tr {
          display: flex;
          flex-wrap: wrap;
          align-items: center;
          gap: 0.125rem 0.75rem;
          padding: 0.625rem 0;
          border-bottom: 1px solid var(--hairline);
        }
        td,
        td:first-child,
        td:last-child {
          height: auto;
          max-width: 100%;
          padding: 0;
          border: 0;
          min-width: 0;
        }
        tbody tr:hover td,
        tbody tr:focus-within td {
          background: none;
        }
        td:empty {
          display: none;
        }
        td.end {
          margin-left: auto;
        }
        td.line {
          order: 2;
          flex: 1 1 100%;
        }
        td.after {
          order: 3;
        }
        .actions,
        tbody tr:not(:hover, :focus-within) .actions {
          opacity: 1;
        }
      }
    `
  ]

  @property() label = ""
  @property({ attribute: false }) rows: ReadonlyArray<Row> = []
  @property({ attribute: false }) columns: ReadonlyArray<Column<Row>> = []
  @property({ attribute: false }) keyOf: (row: Row) => unknown = (row) => row
  @state() private limit = 500

  override render() {
    const { columns, limit, rows } = this
    const shown = rows.length > limit ? rows.slice(0, limit) : rows
    return html`<table role="table" aria-label=${this.label} aria-rowcount=${rows.length + 1}>
        <thead role="rowgroup">
          <tr role="row">
            ${columns.map((column) => this.#head(column))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${repeat(shown, this.keyOf, (row) => this.#row(row))}
        </tbody>
      </table>
      ${
        shown.length === rows.length
          ? nothing
          : html`<div class="foot">
              <span>${strings.table.shown(shown.length, rows.length)}</span>
              <button type="button" @click=${this.#more}>
                ${strings.table.more(Math.min(step, rows.length - limit))}
              </button>
            </div>`
      }`
  }

  #classes = ({ align, from, stack, wrap }: Column<Row>) =>
    [align, wrap === true ? "wrap" : "", from === undefined ? "" : `from-${from}`, stack].join(" ").trim()

  #head(column: Column<Row>) {
    return html`<th
      role="columnheader"
      scope="col"
      class=${this.#classes(column)}
      ${styled({ width: column.width })}
    >
      ${column.name === "actions" ? html`<span class="hidden">${column.label}</span>` : column.label}
    </th>`
  }

  #row(row: Row) {
    return html`<tr role="row" @click=${this.#open}>
      ${this.columns.map(
        (column) => html`<td role="cell" class=${this.#classes(column)}>${column.cell(row)}</td>`
      )}
    </tr>`
  }

  readonly #more = () => {
    this.limit += step
  }

  readonly #open = (event: MouseEvent) => {
    if (!(event.currentTarget instanceof HTMLElement) || event.defaultPrevented) return
    const pressed = event.composedPath()
    const within = pressed.slice(0, pressed.indexOf(event.currentTarget))
    if (within.some((node) => node instanceof HTMLElement && node.matches("a, button, input, select"))) return
    if (getSelection()?.isCollapsed === false) return
    event.currentTarget.querySelector<HTMLAnchorElement>("a.open")?.click()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "data-table": DataTable<unknown>
  }
}
