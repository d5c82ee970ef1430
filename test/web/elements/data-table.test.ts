import { html } from "lit"
import { assert, expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import type { Column } from "../../../web/elements/data-table.ts"
import "../../../web/elements/data-table.ts"
import { assertAccessible, show } from "../support/browser.ts"

interface Row {
  readonly id: number
}

const columns: ReadonlyArray<Column<Row>> = [
  { name: "id", label: "Number", cell: ({ id }) => html`<a class="open" href="#row-${id}">Row ${id}</a>` },
  { name: "text", label: "Text", cell: ({ id }) => `text of ${id}` },
  { name: "actions", label: "Actions", cell: ({ id }) => html`<button type="button">Press ${id}</button>` }
]

const table = (count: number, shown = columns) =>
  show(
    html`<data-table
      label="Numbers"
      .columns=${shown}
      .rows=${Array.from({ length: count }, (_, id): Row => ({ id }))}
      .keyOf=${({ id }: Row) => id}
    ></data-table>`
  )

it("is a table by role, with named columns", async () => {
  table(2)
  await expect.element(page.getByRole("table", { name: "Numbers" })).toBeVisible()
  await expect.element(page.getByRole("columnheader", { name: "Text" })).toBeVisible()
  assert.strictEqual(page.getByRole("row").elements().length, 3)
  await assertAccessible()
})

it("opens the row that is clicked, but not when a control in it is", async () => {
  const place = table(3)
  const opened: Array<string> = []
  place.addEventListener("click", (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement)
    if (link !== undefined) opened.push(link.textContent ?? "")
    event.preventDefault()
  })
  await userEvent.click(page.getByText("text of 1"))
  assert.deepStrictEqual(opened, ["Row 1"])
  await userEvent.click(page.getByRole("button", { name: "Press 2" }))
  assert.deepStrictEqual(opened, ["Row 1"])
})

it("keeps its head visible", async () => {
  const place = table(80)
  const head = () => place.querySelector("data-table")?.shadowRoot?.querySelector("th")
  await expect.poll(() => head()?.getBoundingClientRect().top).toBeGreaterThanOrEqual(0)
  window.scrollTo(0, 900)
  await expect.poll(() => Math.round(head()?.getBoundingClientRect().top ?? 0)).toBe(48)
  window.scrollTo(0, 0)
})

it("shows long lists in pages of a bounded size", async () => {
  const place = table(900, columns.slice(1, 2))
  const rows = () => place.querySelector("data-table")?.shadowRoot?.querySelectorAll("tbody tr").length
  await expect.poll(rows).toBe(500)
  await expect.element(page.getByText("1–500 of 900")).toBeInTheDocument()
  await userEvent.click(page.getByRole("button", { name: "Next" }))
  await expect.poll(rows).toBe(400)
  await expect.element(page.getByText("501–900 of 900")).toBeInTheDocument()
  await expect.element(page.getByRole("button", { name: "Next" })).toBeDisabled()
  await userEvent.click(page.getByRole("button", { name: "Previous" }))
  await expect.poll(rows).toBe(500)
})
