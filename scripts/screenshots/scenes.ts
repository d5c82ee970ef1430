import type { Page } from "playwright"
import type { Subjects } from "./subjects.ts"

/** A page in one of its states. */
export interface Scene {
  readonly name: string
  readonly path: (subjects: Subjects) => string
  /** What the API answers instead, or has not answered yet. */
  readonly stage?: (page: Page) => Promise<unknown>
  readonly act?: (page: Page) => Promise<unknown>
  readonly signedOut?: true
}

const at = (path: string) => () => path
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first()
const answering = (path: string, status: number, body: unknown) => (page: Page) =>
  page.route(`**/api/${path}`, (route) => route.fulfill({ status, json: body }))

/** What the overview says, but for some of it. */
const withOverview = (changes: Readonly<Record<string, unknown>>) => (page: Page) =>
  page.route("**/api/overview", async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), ...changes } })
  })

const paused = { at: "2026-01-05T09:30:00.000Z", by: "Robin", reason: "The build machines are being moved" }
const setup = [
  {
    setting: "LINEAR_API_KEY",
    neededFor: "polling",
    message: "A personal API key of Linear: Settings, Security & access."
  },
  {
    setting: "PUBLIC_URL",
    neededFor: "questions",
    message: "The address at which runs reach this service."
  }
]
const shell = `document.querySelector("app-shell").shadowRoot`

const hover = (page: Page) => page.getByRole("row").nth(1).hover()

/** Every page, its dialogs, and how it looks with nothing to show. */
export const scenes: ReadonlyArray<Scene> = [
  { name: "overview", path: at("") },
  { name: "issues", path: at("/issues") },
  { name: "dispatch", path: ({ answered }) => `/dispatches/${answered}` },
  { name: "mapping", path: at("/mappings/WEB") },
  { name: "sign-in", path: at("/sign-in"), signedOut: true },
  {
    name: "sign-in-refused",
    path: at("/sign-in"),
    signedOut: true,
    act: async (page) => {
      await page.getByLabel("Access code").fill("not the code")
      await button(page, "Sign in").click()
      await page.getByRole("alert").filter({ hasText: /\w/ }).waitFor()
    }
  },
  {
    name: "issues-hover",
    path: at("/issues?reason=waiting_approval"),
    act: hover
  },
  { name: "issues-none", path: at("/issues?q=nothing-like-this") },
  { name: "issues-empty", path: at("/issues"), stage: answering("issues", 200, []) },
  {
    name: "issues-failed",
    path: at("/issues"),
    stage: (page) => page.route("**/api/issues", (route) => route.abort())
  },
  {
    name: "issues-loading",
    path: at("/issues"),
    stage: (page) => page.route("**/api/issues", () => undefined)
  },
  {
    name: "issues-reject",
    path: at("/issues?reason=waiting_approval"),
    act: async (page) => {
      await hover(page)
      await button(page, /^Reject plan/).click()
    }
  },
  { name: "dispatches", path: at("/dispatches"), act: hover },
  {
    name: "dispatches-selected",
    path: at("/dispatches?status=live"),
    act: async (page) => page.getByRole("checkbox").nth(1).check()
  },
  { name: "dispatch-running", path: ({ running }) => `/dispatches/${running}` },
  { name: "dispatch-failed", path: ({ failed }) => `/dispatches/${failed}` },
  { name: "dispatch-asking", path: ({ asking }) => `/dispatches/${asking}` },
  { name: "mappings", path: at("/mappings"), act: hover },
  {
    name: "mapping-new",
    path: at("/mappings/new"),
    act: async (page) => button(page, "Create mapping").click()
  },
  { name: "sessions", path: at("/sessions"), act: hover },
  {
    name: "sessions-destroy",
    path: at("/sessions"),
    act: async (page) => {
      await hover(page)
      await button(page, /^Destroy/).click()
    }
  },
  { name: "dedup", path: at("/dedup") },
  { name: "secrets", path: at("/secrets") },
  { name: "secrets-team", path: at("/secrets/ENG") },
  { name: "settings", path: at("/settings") },
  { name: "audit", path: at("/audit") },
  {
    name: "docs",
    path: at("/docs"),
    act: async (page) => page.locator("summary").nth(1).click()
  },
  {
    name: "menu",
    path: at(""),
    act: (page) => page.evaluate(`${shell}.querySelector("#rail").showPopover()`)
  },
  { name: "paused", path: at("/dispatches"), stage: withOverview({ paused }) },
  { name: "set-up", path: at(""), stage: withOverview({ setup }) },
  { name: "notice", path: at(""), act: (page) => button(page, "Poll now").click() },
  {
    name: "focus",
    path: at("/issues?reason=waiting_approval"),
    act: async (page) => {
      await page.getByLabel("All teams").or(page.getByRole("combobox")).last().focus()
      await page.keyboard.press("Tab")
    }
  },
  { name: "keys", path: at(""), act: async (page) => page.keyboard.press("?") },
  {
    name: "pause",
    path: at(""),
    act: async (page) => button(page, "Pause all").click()
  },
  { name: "not-found", path: at("/nowhere") }
]
