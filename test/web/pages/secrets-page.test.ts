import { expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { open } from "../support/browser.ts"
import { refusal, Service } from "../support/Service.ts"

const row = (name: RegExp) => page.getByRole("row", { name })
const name = page.getByLabelText("Name", { exact: true })
const value = page.getByLabelText("Value", { exact: true })

it("lists names and whether machines are given them, never values", async () => {
  open("/admin/secrets")
  await expect.element(row(/ANTHROPIC_API_KEY Yes/)).toBeVisible()
  await expect.element(row(/OLD_TOKEN No, not set here/)).toBeVisible()
})

it("sets a secret of a team, and replaces one", async () => {
  const service = open("/admin/secrets")
  await userEvent.click(
    page.getByRole("navigation", { name: "Whose secrets" }).getByRole("link", { name: "ENG" })
  )
  await expect.element(page.getByText(/Stored by Fly under ENG_/)).toBeVisible()
  await userEvent.fill(name, "npm_token")
  await userEvent.fill(value, "hush")
  await userEvent.keyboard("{Enter}")
  await expect.element(page.getByText("npm_token is set.")).toBeVisible()
  expect(service.called("POST /api/mappings/ENG/secrets")[0]?.body).toEqual({
    name: "npm_token",
    value: "hush"
  })
  await expect.element(value).toHaveValue("")
  await userEvent.click(page.getByRole("button", { name: "Replace OLD_TOKEN" }))
  await expect.element(name).toHaveValue("OLD_TOKEN")
  await expect.element(page.getByText(/the new value replaces the old one/)).toBeVisible()
})

it("deletes a secret after asking", async () => {
  const service = open("/admin/secrets")
  await userEvent.click(page.getByRole("button", { name: "Delete OLD_TOKEN" }))
  const dialog = page.getByRole("dialog", { name: "Delete OLD_TOKEN?" })
  await expect.element(dialog.getByText(/OLD_TOKEN of every team is deleted at Fly/)).toBeVisible()
  await userEvent.click(dialog.getByRole("button", { name: "Delete" }))
  await expect.element(row(/OLD_TOKEN/)).not.toBeInTheDocument()
  expect(service.called("DELETE /api/global-secrets/OLD_TOKEN")).toHaveLength(1)
})

it("shows what is wrong with a name where it stands", async () => {
  const service = new Service()
  service.answers(
    "POST /api/global-secrets",
    refusal(400, "Invalid", "1 field is not valid.", {
      issues: [{ path: "name", message: "begins with the prefix of team ENG" }]
    })
  )
  open("/admin/secrets", { service })
  await userEvent.fill(name, "ENG_KEY")
  await userEvent.fill(value, "x")
  await userEvent.keyboard("{Enter}")
  await expect.element(page.getByText("begins with the prefix of team ENG")).toBeVisible()
})
