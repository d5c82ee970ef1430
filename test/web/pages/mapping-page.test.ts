import { assert, expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import type { Mapping } from "../../../src/domain/Mapping.ts"
import { focused, open } from "../support/browser.ts"
import { refusal, Service } from "../support/Service.ts"

const label = (name: string) => page.getByLabelText(name, { exact: true })
const focusedField = () => {
  const root = focused()?.getRootNode()
  return root instanceof ShadowRoot ? root.host.getAttribute("name") : null
}
const create = page.getByRole("button", { name: "Create mapping" })

it("creates a mapping with the defaults of the service", async () => {
  const service = open("/admin/mappings/new?team=WEB")
  await expect.element(label("Linear team key")).toHaveValue("WEB")
  await expect.element(label("Workflow file")).toHaveValue("claude-implement.yml")
  await userEvent.fill(label("Owner"), "acme")
  await userEvent.fill(label("Repository"), "site")
  await userEvent.fill(label("Default branch"), "")
  await userEvent.click(create)
  await expect.element(page.getByRole("row", { name: /^WEB acme\/site/ })).toBeVisible()
  const sent = service.called("POST /api/mappings")[0]?.body
  assert.containSubset(sent, {
    teamKey: "WEB",
    owner: "acme",
    repo: "site",
    defaultBranch: null,
    extraEnv: {}
  })
})

it("clears the draft when it is discarded", async () => {
  open("/admin/mappings/ENG")
  await userEvent.fill(label("Repository"), "half-typed")
  await userEvent.click(page.getByRole("link", { name: "Dedup" }))
  await expect.element(page.getByRole("heading", { name: "Dedup" })).toBeVisible()
  history.back()
  await expect.element(label("Repository")).toHaveValue("half-typed")
  await userEvent.click(page.getByRole("button", { name: "Discard changes" }))
  await expect.element(label("Repository")).toHaveValue("webshop")
  expect(sessionStorage.length).toBe(0)
})

it("shows what the repository lacks, and checks it again", async () => {
  const service = open("/admin/mappings/ENG")
  await expect.element(page.getByText(/^Not ready: nothing is dispatched/)).toBeVisible()
  await expect.element(page.getByText("claude-plan.yml is not on main")).toBeVisible()
  await expect.element(page.getByText("Add it, or switch planning off")).toBeVisible()
  await expect.element(page.getByText(/is from version 1.1; the current version is 1.2/)).toBeVisible()
  service.readiness = { ...service.readiness, ready: true, checks: [], templates: [] }
  await userEvent.click(page.getByRole("button", { name: "Check again" }))
  await expect.element(page.getByText("Ready", { exact: true })).toBeVisible()
})

it("proposes the current workflow files, and says what stays", async () => {
  const service = open("/admin/mappings/ENG")
  await expect.element(page.getByText(/is missing/)).toBeVisible()
  await expect.element(page.getByText(/is there; people edit it/)).toBeVisible()
  await userEvent.click(page.getByRole("button", { name: "Sync workflows" }))
  await expect.element(page.getByText(/A pull request was opened\. It proposes 1 file\./)).toBeVisible()
  await expect
    .element(page.getByRole("link", { name: "Pull request #12" }))
    .toHaveAttribute("href", "https://github.example/acme/webshop/pull/12")
  await expect.element(page.getByText(/such as ai-implement-plan.yml, and sync again/)).toBeVisible()
  expect(service.called("POST /api/mappings/ENG/sync-workflows")).toHaveLength(1)
  service.answers(
    "POST /api/mappings/ENG/sync-workflows",
    refusal(422, "UpstreamRefused", "The App lacks workflows: write on acme/webshop.")
  )
  await userEvent.click(page.getByRole("button", { name: "Sync workflows" }))
  await expect.element(page.getByText("The App lacks workflows: write on acme/webshop.")).toBeVisible()
})

it("lists what is wrong by the rules of the service, without a call", async () => {
  const service = open("/admin/mappings/new")
  await userEvent.fill(label("Linear team key"), "ENG")
  await userEvent.fill(label("Owner"), "ac me")
  await userEvent.fill(label("Issues at once"), "many")
  await userEvent.fill(label("Default branch"), "a..b")
  await userEvent.selectOptions(label("Model provider"), "Amazon Bedrock")
  await userEvent.click(create)
  await expect.element(page.getByText("There is already a mapping", { exact: false })).toBeVisible()
  await expect.element(page.getByText(/Owner must be letters, digits/)).toBeVisible()
  await expect.element(page.getByText("Repository is required")).toBeVisible()
  await expect.element(page.getByText("Issues at once must be a whole number")).toBeVisible()
  await expect.element(page.getByText(/Default branch must be a valid git ref/)).toBeVisible()
  await expect.element(page.getByText("5 fields are invalid.")).toBeVisible()
  await expect.poll(focusedField).toBe("teamKey")
  expect(service.called("POST /api/mappings")).toHaveLength(0)
})

it("checks rules across fields once each field is right", async () => {
  open("/admin/mappings/ENG")
  await userEvent.selectOptions(label("Model provider"), "Amazon Bedrock")
  await userEvent.selectOptions(label("Runs on"), "Fly Machines")
  await userEvent.selectOptions(label("Session"), "Hybrid")
  await expect.element(page.getByText(/Session hybrid needs PUBLIC_URL/)).toBeVisible()
  await userEvent.fill(label("Memory, MB"), "256")
  await userEvent.click(page.getByRole("button", { name: "Save" }))
  await expect.element(page.getByText(/Memory, MB must be between 512 and 4096/)).toBeVisible()
  await expect.element(page.getByText("AWS region is required when provider is bedrock")).toBeVisible()
  await expect.element(page.getByText(/bedrock runs only with executionMode github-actions/)).toBeVisible()
})

it("hides fields that do not apply", async () => {
  open("/admin/mappings/ENG")
  await expect.element(label("Planning workflow file")).toBeVisible()
  await expect.element(label("CPUs")).not.toBeInTheDocument()
  await expect.element(label("AWS region")).not.toBeInTheDocument()
  await userEvent.click(label("Plan before implementing"))
  await expect.element(label("Planning workflow file")).not.toBeInTheDocument()
  await userEvent.selectOptions(label("Runs on"), "Fly Machines")
  await expect.element(label("CPUs")).toHaveValue("2")
})

it("edits the extra environment, with values hidden until shown", async () => {
  const service = open("/admin/mappings/DATA")
  await expect.element(label("Value 1")).toHaveAttribute("type", "password")
  await userEvent.click(label("Show values"))
  await expect.element(label("Value 1")).toHaveAttribute("type", "text")
  await userEvent.click(page.getByRole("button", { name: "Remove TEST_SHARDS" }))
  await userEvent.click(page.getByRole("button", { name: "Add a variable" }))
  await userEvent.fill(label("Name 2"), "GITHUB_TOKEN")
  await userEvent.fill(label("Value 2"), "x")
  await userEvent.click(page.getByRole("button", { name: "Save" }))
  await expect.element(page.getByText(/GITHUB_TOKEN is reserved for the runner/)).toBeVisible()
  await userEvent.fill(label("Name 2"), "CACHE")
  await userEvent.click(page.getByRole("button", { name: "Save" }))
  await expect.element(page.getByText("The mapping of DATA is saved.")).toBeVisible()
  assert.containSubset(service.called("POST /api/mappings")[0]?.body, {
    extraEnv: { PNPM_VERSION: "10", CACHE: "x" }
  })
})

it("takes the click on Save that makes a message appear, where the button was", async () => {
  open("/admin/mappings/ENG")
  await userEvent.fill(label("Issues at once"), "many")
  await userEvent.click(page.getByRole("button", { name: "Add a variable" }))
  await userEvent.fill(label("Name 1"), "GITHUB_TOKEN")
  await userEvent.click(page.getByRole("button", { name: "Save" }))
  await expect.element(page.getByText("2 fields are invalid.")).toBeVisible()
  await expect.element(page.getByText(/GITHUB_TOKEN is reserved/)).toBeVisible()
})

it("keeps what was typed while the list refreshes, and shows what the service refused", async () => {
  const service = new Service()
  service.answers(
    "POST /api/mappings",
    refusal(400, "Invalid", "1 field is not valid.", {
      issues: [{ path: "sessionMode", message: "hybrid needs PUBLIC_URL" }]
    })
  )
  open("/admin/mappings/ENG", { service })
  await userEvent.fill(label("Repository"), "shop")
  const before = service.called("GET /api/mappings").length
  service.emit("mapping", "ENG")
  await expect.poll(() => service.called("GET /api/mappings").length).toBeGreaterThan(before)
  await expect.element(label("Repository")).toHaveValue("shop")
  await userEvent.click(page.getByRole("button", { name: "Save" }))
  await expect.element(page.getByText("Session hybrid needs PUBLIC_URL")).toBeVisible()
  await expect.element(page.getByText("1 field is not valid.")).toBeVisible()
})

it("follows what is changed elsewhere, but where it was changed here", async () => {
  const service = open("/admin/mappings/ENG")
  await userEvent.fill(label("Repository"), "shop")
  await userEvent.click(page.getByRole("link", { name: "Dedup" }))
  await expect.element(page.getByRole("heading", { name: "Dedup" })).toBeVisible()
  const change = (changed: Partial<Mapping>) => {
    service.mappings = service.mappings.map((each) =>
      each.teamKey === "ENG" ? { ...each, ...changed } : each
    )
  }
  change({ defaultBranch: "trunk", repo: "site" })
  history.back()
  await expect.element(label("Default branch")).toHaveValue("trunk")
  await expect.element(label("Repository")).toHaveValue("shop")
  change({ paused: true })
  service.emit("mapping", "ENG")
  await expect.element(label("Paused")).toBeChecked()
  await userEvent.click(page.getByRole("button", { name: "Save" }))
  await expect.element(page.getByText("The mapping of ENG is saved.")).toBeVisible()
  expect(service.called("POST /api/mappings")[0]?.body).toEqual({ teamKey: "ENG", repo: "shop" })
})

it("says that there is no such mapping", async () => {
  open("/admin/mappings/NONE")
  await expect.element(page.getByText("There is no mapping for NONE.")).toBeVisible()
})
