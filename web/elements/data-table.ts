import { html, LitElement, nothing } from "lit"
import { customElement, property, state } from "lit/decorators.js"
import { repeat } from "lit/directives/repeat.js"
import { strings } from "../strings/shell.ts"
import { base } from "../styles/base.ts"
import { controls } from "../styles/controls.ts"
import { table } from "../styles/table.ts"
import { styled } from "../lib/styled.ts"

export interface Column<Row> {
  readonly name: string
  readonly label: string
  readonly cell: (row: Row) => unknown
  /** Instead of the label, in the head. */
  readonly head?: () => unknown
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

const atOnce = 40

/** The column at a row's end: seen on hover and focus, over what stands there; always where nothing hovers. */
export const actionsColumn = <Row>(width: string, cell: (row: Row) => unknown): Column<Row> => ({
  name: "actions",
  label: strings.table.actions,
  width,
  align: "end",
  stack: "after",
  cell: (row) => html`<span>${cell(row)}</span>`
})

/**
 * Rows in a native table: sticky head, a click on a row follows its `a.open`, in pages; stacked when narrow, and with
 * the attribute `wide` already when a little wider.
 */
@customElement("data-table")
export class DataTable<Row> extends LitElement {
  static override readonly styles = [base, controls, table]

  @property() label = ""
  @property({ attribute: false }) rows: ReadonlyArray<Row> = []
  @property({ attribute: false }) columns: ReadonlyArray<Column<Row>> = []
  @property({ attribute: false }) keyOf: (row: Row) => unknown = (row) => row
  @property({ type: Number }) size = 500
  @state() private from = 0
  /** So many rows are drawn by now: the first screen at once, the rest a few with each frame. */
  @state() private drawn = atOnce

  override willUpdate() {
    if (this.from >= this.rows.length) this.from = 0
  }

  override render() {
    const { columns, from, rows, size } = this
    const shown = rows.length > size ? rows.slice(from, from + size) : rows
    const drawn = shown.length > this.drawn ? shown.slice(0, this.drawn) : shown
    return html`<table role="table" aria-label=${this.label} aria-rowcount=${rows.length + 1}>
        <thead role="rowgroup">
          <tr role="row">
            ${columns.map((column) => this.#head(column))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${repeat(drawn, this.keyOf, (row) => this.#row(row))}
        </tbody>
      </table>
      ${
        shown.length === rows.length
          ? nothing
          : html`<div class="foot">
              <span role="status">${strings.table.shown(from + 1, from + shown.length, rows.length)}</span>
              <button type="button" ?disabled=${from === 0} @click=${() => this.#turn(-size)}>
                ${strings.table.previous}
              </button>
              <button type="button" ?disabled=${from + size >= rows.length} @click=${() => this.#turn(size)}>
                ${strings.table.next}
              </button>
            </div>`
      }`
  }

  override updated() {
    if (this.drawn < Math.min(this.size, this.rows.length - this.from)) {
      requestAnimationFrame(() => {
        this.drawn += atOnce
      })
    }
  }

  #classes = ({ align, from, name, stack, wrap }: Column<Row>) =>
    [
      align,
      name === "actions" ? name : "",
      wrap === true ? "wrap" : "",
      from === undefined ? "" : `from-${from}`,
      stack
    ]
      .join(" ")
      .trim()

  #head(column: Column<Row>) {
    return html`<th
      role="columnheader"
      scope="col"
      class=${this.#classes(column)}
      ${styled({ width: column.width })}
    >
      ${column.head?.() ?? (column.name === "actions" ? html`<span class="hidden">${column.label}</span>` : column.label)}
    </th>`
  }

  #row(row: Row) {
    return html`<tr role="row" @click=${this.#open}>
      ${this.columns.map(
        (column) => html`<td role="cell" class=${this.#classes(column)}>${column.cell(row)}</td>`
      )}
    </tr>`
  }

  #turn(by: number) {
    this.from += by
    this.scrollIntoView({ block: "start" })
  }

  readonly #open = (event: MouseEvent) => {
    if (!(event.currentTarget instanceof HTMLElement) || event.defaultPrevented) return
    const pressed = event.composedPath()
    const within = pressed.slice(0, pressed.indexOf(event.currentTarget))
    if (
      within.some(
        (node) => node instanceof HTMLElement && node.matches("a, button, input, select, label, summary")
      )
    ) {
      return
    }
    if (getSelection()?.isCollapsed === false) return
    event.currentTarget.querySelector<HTMLAnchorElement>("a.open")?.click()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "data-table": DataTable<unknown>
  }
}
