import { expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { focused, open } from "../support/browser.ts"
import { runnerMode } from "../support/samples.ts"
import { refusal, Service } from "../support/Service.ts"

it("shows and changes the runner mode", async () => {
  const service = open("/admin/settings")
  await expect.element(page.getByRole("radio", { name: /Each mapping decides/ })).toBeChecked()
  await userEvent.click(page.getByRole("radio", { name: /GitHub Actions for all/ }))
  await userEvent.click(page.getByRole("button", { name: "Save runner mode" }))
  await expect.element(page.getByText("Saved.")).toBeVisible()
  expect(service.called("POST /api/runner-mode")[0]?.body).toEqual({ mode: "gha" })
})

it("says that the environment wins, and what is stored", async () => {
  const service = new Service()
  service.runnerMode = { ...runnerMode, mode: "gha", source: "env", storedMode: "fly", overriddenByEnv: true }
  open("/admin/settings", { service })
  await expect
    .element(page.getByText(/RUNNER_MODE is set in the environment and takes precedence/))
    .toBeVisible()
  await expect
    .element(page.getByText(/The environment takes precedence over what is stored here/))
    .toBeVisible()
  const sourceList = page.getByRole("table", { name: "Region: which value is in use" })
  await expect.element(sourceList.getByRole("row", { name: "Environment fra in use" })).toBeVisible()
  await expect.element(sourceList.getByRole("row", { name: "Stored here ams" })).toBeVisible()
})

it("says that a restart is needed before a stored value is used", async () => {
  const service = new Service()
  const { flySessionsApp, flySessionsRegion } = service.settings
  service.settings = {
    flySessionsApp: { ...flySessionsApp, storedValue: "new-app", restartRequired: true },
    flySessionsRegion
  }
  open("/admin/settings", { service })
  await expect.element(page.getByText("The service uses acme-sessions until it is restarted.")).toBeVisible()
})

it("shows which Fly setting is refused, and why", async () => {
  const service = new Service()
  service.answers(
    "POST /api/settings",
    refusal(400, "Invalid", "1 field is not valid.", {
      issues: [{ path: "flySessionsRegion", message: "must be a Fly region of three letters, such as fra" }]
    })
  )
  open("/admin/settings", { service })
  await userEvent.fill(page.getByLabelText("Region", { exact: true }), "ams")
  await userEvent.keyboard("{Enter}")
  await expect.element(page.getByText(/must be a Fly region/)).toBeVisible()
})

it("marks every Fly setting that is not valid, and sends nothing", async () => {
  const service = open("/admin/settings")
  await userEvent.fill(page.getByLabelText("App for sessions", { exact: true }), "Bad App!")
  await userEvent.fill(page.getByLabelText("Region", { exact: true }), "Frankfurt")
  await userEvent.click(page.getByRole("button", { name: "Save Fly settings" }))
  await expect.element(page.getByText(/must be a Fly app name/)).toBeVisible()
  await expect.element(page.getByText(/must be a Fly region/)).toBeVisible()
  await expect.poll(() => focused()?.closest(".field")?.textContent).toMatch(/App for sessions/)
  expect(service.called("POST /api/settings")).toHaveLength(0)
})

it("tests the configured connections, and shows the results", async () => {
  const service = open("/admin/settings")
  for (const [what, said] of [
    ["Linear", "It answers"],
    ["Fly", "The token is refused"]
  ] as const) {
    await userEvent.click(page.getByRole("button", { name: `Test ${what}` }))
    await expect.element(page.getByText(said)).toBeVisible()
  }
  expect(service.called("POST /api/test/linear")).toHaveLength(1)
})

it("lists every setting in effect and where it comes from", async () => {
  open("/admin/settings")
  await expect.element(page.getByRole("row", { name: "POLL_INTERVAL_MS 60000 environment" })).toBeVisible()
})
