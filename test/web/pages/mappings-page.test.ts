import { expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { open } from "../support/browser.ts"
import { Service } from "../support/Service.ts"

const row = (name: RegExp) => page.getByRole("row", { name })

it("lists team, repository and state", async () => {
  open("/admin/mappings")
  await expect.element(row(/^ENG acme\/webshop .*Active/)).toBeVisible()
  await expect.element(row(/^OPS acme\/infrastructure .*Paused/)).toBeVisible()
})

it("pauses and resumes a team", async () => {
  const service = open("/admin/mappings")
  await userEvent.click(page.getByRole("button", { name: "Pause ENG" }))
  await expect.element(row(/^ENG .*Paused/)).toBeVisible()
  expect(service.called("PATCH /api/mappings/ENG")[0]?.body).toEqual({ paused: true })
  await userEvent.click(page.getByRole("button", { name: "Resume OPS" }))
  await expect.element(row(/^OPS .*Active/)).toBeVisible()
})

it("deletes after asking", async () => {
  const service = open("/admin/mappings")
  await userEvent.click(page.getByRole("button", { name: "Delete MOB" }))
  const dialog = page.getByRole("dialog", { name: "Delete the mapping of MOB?" })
  await expect.element(dialog.getByText(/acme\/mobile/)).toBeVisible()
  await userEvent.click(dialog.getByRole("button", { name: "Delete" }))
  await expect.element(page.getByText("The mapping of MOB is deleted.")).toBeVisible()
  await expect.element(row(/^MOB/)).not.toBeInTheDocument()
  expect(service.called("DELETE /api/mappings/MOB")).toHaveLength(1)
})

it("offers the first mapping while there is none", async () => {
  const service = new Service()
  service.mappings = []
  open("/admin/mappings", { service })
  await expect.element(page.getByText("No mapping yet")).toBeVisible()
})
