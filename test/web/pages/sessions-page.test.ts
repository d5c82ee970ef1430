import { expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { open } from "../support/browser.ts"
import { Service } from "../support/Service.ts"

const row = (name: RegExp) => page.getByRole("row", { name })

it("lists the machines with their issue, size and age", async () => {
  open("/admin/sessions")
  await expect.element(row(/Started ENG-3 .* fra 2 × 4096 MB 5 min/)).toBeVisible()
  await expect.element(row(/Starting ENG-4/)).toBeVisible()
  await expect.element(row(/no dispatch here/)).toBeVisible()
})

it("destroys a machine after saying exactly what that does", async () => {
  const service = open("/admin/sessions")
  await userEvent.click(page.getByRole("button", { name: "Destroy 4d893" }))
  const dialog = page.getByRole("dialog", { name: "Destroy machine 4d893?" })
  await expect.element(dialog.getByText(/AI-Working is removed from ENG-3 and its dedup entry/)).toBeVisible()
  await userEvent.click(dialog.getByRole("button", { name: "Destroy the machine" }))
  await expect.element(page.getByText("Machine 4d893 is destroyed; still to do: the label.")).toBeVisible()
  await expect.element(row(/ENG-3/)).not.toBeInTheDocument()
  expect(service.called("DELETE /api/sessions/4d893")).toHaveLength(1)
})

it("says where sessions come from while there is none", async () => {
  const service = new Service()
  service.sessions = []
  open("/admin/sessions", { service })
  await expect.element(page.getByText("No session runs")).toBeVisible()
})
