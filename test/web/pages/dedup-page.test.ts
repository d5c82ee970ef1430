import { expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { open } from "../support/browser.ts"
import { Service } from "../support/Service.ts"

it("lists the issues in dedup, and removes one after a confirmation", async () => {
  const service = open("/admin/dedup")
  await expect.element(page.getByRole("row", { name: /^ENG-4/ })).toBeVisible()
  await userEvent.click(page.getByRole("button", { name: "Remove ENG-4" }))
  await userEvent.click(page.getByRole("dialog").getByRole("button", { name: "Remove from dedup" }))
  await expect.element(page.getByText("ENG-4 may be dispatched again.")).toBeVisible()
  await expect.element(page.getByRole("row", { name: /^ENG-4/ })).not.toBeInTheDocument()
  expect(service.calls.filter(({ method }) => method === "DELETE")).toHaveLength(1)
})

it("says so when no issue was dispatched lately", async () => {
  const service = new Service()
  service.dedup = []
  open("/admin/dedup", { service })
  await expect.element(page.getByText("No issue was dispatched in the last 24 hours")).toBeVisible()
})
