import { html } from "lit"
import { assert, expect, it } from "vitest"
import { page } from "vitest/browser"
import { DispatchStatus } from "../../../src/domain/DispatchStatus.ts"
import "../../../web/elements/status-badge.ts"
import { terms } from "../../../web/strings/terms.ts"
import { assertAccessible, show } from "../support/browser.ts"

const shapeOf = (badge: Element) => badge.shadowRoot?.querySelector("svg")?.innerHTML

it("says every status in a word, with a shape of its own", async () => {
  const place = show(
    html`${DispatchStatus.literals.map((status) => html`<p><status-badge .status=${status}></status-badge></p>`)}`
  )
  for (const status of DispatchStatus.literals) {
    await expect.element(page.getByText(terms.status[status], { exact: true })).toBeVisible()
  }
  const shapes = new Set([...place.querySelectorAll("status-badge")].map(shapeOf))
  assert.strictEqual(shapes.size, DispatchStatus.literals.length)
  await assertAccessible()
})
