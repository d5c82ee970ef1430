import { assert, expect, it, onTestFinished } from "vitest"
import { page, userEvent } from "vitest/browser"
import { session } from "../../../web/data/session.ts"
import { href } from "../../../web/router/navigation.ts"
import { routes } from "../../../web/router/routes.ts"
import type { Upstream } from "../../../src/domain/Reason.ts"
import { addressOf, arrived, assertAccessible, focused, open } from "../support/browser.ts"
import { Service } from "../support/Service.ts"

const heading = (name: string) => page.getByRole("heading", { name, level: 1 })

it("has a page of its own for each address, with live counts beside their names", async () => {
  open("/admin")
  await expect.element(heading("Overview")).toBeVisible()
  for (const [link, title] of [
    ["Issues 14", "Issues"],
    ["Dispatches 6", "Dispatches"],
    ["Mappings 4", "Mappings"],
    ["Dedup", "Dedup"],
    ["Settings", "Settings"]
  ] as const) {
    await userEvent.click(page.getByRole("navigation").getByRole("link", { name: link }))
    await expect.element(heading(title)).toBeVisible()
    await expect.element(page.getByRole("link", { name: link })).toHaveAttribute("aria-current", "page")
    await expect.poll(() => document.title).toBe(`(2) ${title} – AI-Implement`)
  }
  history.back()
  await expect.element(heading("Dedup")).toBeVisible()
  history.forward()
  await expect.element(heading("Settings")).toBeVisible()
})

it("says so when there is no page at the address", async () => {
  open("/admin/nowhere")
  await expect.element(heading("Not found")).toBeVisible()
  await assertAccessible()
})

it("is controlled by keys", async () => {
  open("/admin/")
  await expect.element(heading("Overview")).toBeVisible()
  await userEvent.keyboard("gm")
  await expect.element(heading("Mappings")).toBeVisible()
  await userEvent.keyboard("/")
  await expect.poll(() => focused()?.getAttribute("type")).toBe("search")
  await userEvent.keyboard("gi")
  await expect.element(page.getByRole("searchbox")).toHaveValue("gi")
  await expect.element(heading("Mappings")).toBeVisible()
  await userEvent.tab()
  await userEvent.keyboard("?")
  await expect.element(page.getByRole("dialog", { name: "Keys" })).toBeVisible()
  await assertAccessible()
  await userEvent.keyboard("{Escape}")
  await expect.element(page.getByRole("dialog", { name: "Keys" })).not.toBeInTheDocument()
})

it("searches the dispatches from any other page", async () => {
  open("/admin/settings")
  await userEvent.fill(page.getByRole("searchbox"), "OPS-118")
  await userEvent.keyboard("{Enter}")
  await expect.element(page.getByRole("row", { name: /OPS-118/ })).toBeVisible()
  expect(location.search).toBe("?q=OPS-118")
})

it("changes between light, dark and the system's theme, and stores the choice", async () => {
  open("/admin/")
  await userEvent.click(page.getByTitle("Dark theme"))
  expect(document.documentElement.dataset["theme"]).toBe("dark")
  expect(getComputedStyle(document.documentElement).colorScheme).toBe("dark")
  expect(localStorage.getItem("ai-implement.theme")).toBe("dark")
  await userEvent.click(page.getByTitle("System theme"))
  expect(document.documentElement.dataset["theme"]).toBeUndefined()
})

it("signs out", async () => {
  const service = open("/admin/")
  await userEvent.click(page.getByRole("button", { name: "Sign out" }))
  await expect.element(page.getByText("You are signed out.")).toBeVisible()
  expect(session.current).toBeNull()
  expect(service.called("DELETE /api/auth")).toHaveLength(1)
})

const down = (name: Upstream, error: string) => {
  const service = new Service()
  const { overview } = service
  service.overview = {
    ...overview,
    upstreams: overview.upstreams.map((each) =>
      each.name === name ? { ...each, state: "down", error } : each
    )
  }
  return service
}

for (const [name, error, title] of [
  ["linear", "Linear refuses the key and did not list issues. Set LINEAR_API_KEY.", "Linear refuses the key"],
  ["github", "GitHub did not answer in 30 s.", "GitHub is down"]
] as const) {
  it.for(["/admin/", "/admin/audit"])(
    `says "${title}" in the header and on top of %s, with a way out`,
    async (path) => {
      open(path, { service: down(name, error) })
      await expect.element(page.getByRole("banner").getByRole("link", { name: title })).toBeVisible()
      await expect.element(page.getByText("Poller idle")).not.toBeInTheDocument()
      const alarm = page.getByRole("alert")
      await expect.element(alarm.getByText(error)).toBeVisible()
      await assertAccessible()
      await userEvent.click(alarm.getByRole("link", { name: "Test the connection" }))
      await expect.element(heading("Settings")).toBeVisible()
    }
  )
}

it("shows a failed pass in the header until one succeeds, also while the next one runs", async () => {
  const service = new Service()
  const { overview } = service
  const { poller } = overview
  const pass = poller.lastPass ?? assert.fail("no sample")
  const header = page.getByRole("banner").getByRole("link", { name: "The last pass failed" })
  const becomes = (changes: Partial<typeof poller>) => {
    service.overview = { ...overview, poller: { ...poller, ...changes } }
    service.emit("pass")
  }
  becomes({ lastPass: { ...pass, ok: false, error: "more than 100 pages" } })
  open("/admin/mappings", { service })
  await expect.element(header).toBeVisible()
  const asked = () => service.called("GET /api/overview").length
  const before = asked()
  becomes({ state: "running", lastPass: { ...pass, finishedAt: null, ok: null } })
  await expect.poll(asked).toBeGreaterThan(before)
  await expect.element(header).toBeVisible()
  becomes({})
  await expect.element(page.getByText("Poller idle")).toBeVisible()
  await expect.element(header).not.toBeInTheDocument()
})

it("says reconnecting while the service is away, keeps what it shows, and catches up", async () => {
  const service = open("/admin/mappings")
  await expect.element(page.getByRole("row", { name: /^ENG/ })).toBeVisible()
  service.unreachable = true
  await expect.element(page.getByText("Reconnecting")).toBeVisible()
  await expect.element(page.getByRole("row", { name: /^ENG/ })).toBeVisible()
  service.unreachable = false
  await expect.element(page.getByText("Reconnecting")).not.toBeInTheDocument()
})

it.for(routes.map(addressOf))("%s fits a screen of 320 pixels and is accessible there", async (path) => {
  await page.viewport(320, 640)
  onTestFinished(() => page.viewport(1280, 800))
  open(path, { signedOut: path === href.signIn })
  await arrived()
  expect(document.documentElement.scrollWidth).toBe(320)
  await assertAccessible()
})
