import { expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { open } from "../support/browser.ts"
import { auditEntry } from "../support/samples.ts"
import { Service } from "../support/Service.ts"

const row = (name: RegExp) => page.getByRole("row", { name })

it("says who changed what, from what to what", async () => {
  open("/admin/audit")
  await expect
    .element(row(/Kim mapping.save ENG maxInProgressAiIssues 3 → ?5 paused false → ?true$/))
    .toBeVisible()
  await expect.element(row(/Kim setting.save runnerMode .*gha$/)).toBeVisible()
  await expect.element(row(/no name secret.set ENG_API_KEY/)).toBeVisible()
})

it("shows older entries when asked", async () => {
  const service = new Service()
  service.audit = Array.from({ length: 250 }, (_, index) =>
    auditEntry(1000 - index, { subject: `T${index}` })
  )
  open("/admin/audit", { service })
  await expect.element(row(/T199/)).toBeInTheDocument()
  expect(row(/T249/).query()).toBeNull()
  await userEvent.click(page.getByRole("button", { name: "Show older entries" }))
  await expect.element(page.getByRole("button", { name: "Show older entries" })).not.toBeInTheDocument()
  await userEvent.click(page.getByRole("button", { name: "Next" }))
  await expect.element(row(/T249/)).toBeInTheDocument()
})

it("has no holes among older entries when new ones arrive", async () => {
  const service = new Service()
  const entries = Array.from({ length: 300 }, (_, index) =>
    auditEntry(1000 - index, { subject: `T${index}` })
  )
  service.audit = entries.slice(50)
  open("/admin/audit", { service })
  await userEvent.click(page.getByRole("button", { name: "Show older entries" }))
  await expect.element(page.getByRole("button", { name: "Show older entries" })).not.toBeInTheDocument()
  service.audit = entries
  service.emit("mapping")
  await expect.element(row(/ T0 /)).toBeInTheDocument()
  await userEvent.click(page.getByRole("button", { name: "Next" }))
  await expect.element(row(/ T200 /)).toBeInTheDocument()
  await expect.element(row(/ T299 /)).toBeInTheDocument()
})

it("explains what is listed here while nothing was changed", async () => {
  const service = new Service()
  service.audit = []
  open("/admin/audit", { service })
  await expect.element(page.getByText("No change yet")).toBeVisible()
})
