import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { type Browser, chromium, type Page } from "playwright"
import { chromium as local } from "../support/chromium.ts"

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8")

interface AxeResult {
  readonly violations: ReadonlyArray<{
    readonly id: string
    readonly nodes: ReadonlyArray<{ readonly html: string }>
  }>
}

/** The rules of axe that a change of colours alone may break. */
export const colourRules = ["color-contrast", "link-in-text-block"]

/** What axe finds on the page as it stands, by all of its rules unless some are given. */
export const violations = async (page: Page, rules?: ReadonlyArray<string>) => {
  await page.evaluate(axe)
  return page.evaluate(
    async (runOnly) => {
      const { axe } = globalThis as unknown as { axe: { run: (options: object) => Promise<AxeResult> } }
      const result = await axe.run(runOnly === undefined ? {} : { runOnly })
      return result.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`)
    },
    rules && [...rules]
  )
}

let launched: Promise<Browser> | undefined

/** One for all files of a worker, with which it ends. */
const browser = () => (launched ??= local().then((options) => chromium.launch(options)))

/** A page of a real browser, signed out, and what it complained about or asked of others. */
export const openPage = Effect.fn("openPage")(function* (address: string) {
  const context = yield* Effect.acquireRelease(
    Effect.promise(async () => (await browser()).newContext({ viewport: { width: 1280, height: 800 } })),
    (opened) => Effect.promise(() => opened.close())
  )
  const page = yield* Effect.promise(() => context.newPage())
  page.setDefaultTimeout(30_000)
  const complaints: Array<string> = []
  page.on("pageerror", (error) => complaints.push(String(error)))
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text())
  })
  page.on("request", (request) => {
    const url = new URL(request.url())
    if (url.origin !== address && url.protocol !== "data:") complaints.push(`asked ${url.origin}`)
  })
  yield* Effect.promise(() =>
    page.addInitScript(`addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective }) =>
      console.error("Forbidden by the policy: " + effectiveDirective + " " + blockedURI))`)
  )
  yield* Effect.promise(() => page.goto(`${address}/admin`))
  return { page, complaints }
})

/** What a browser complains of beside what the service refused. */
export const unexpected = (complaint: string) => !/status of (404|409|422|503)/.test(complaint)

export const signIn = async (page: Page, code: string, name = "Kim") => {
  await page.getByLabel("Access code").fill(code)
  await page.getByLabel("Your name").fill(name)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Dispatches" }).waitFor()
}

export const goTo = async (page: Page, name: string, title = name) => {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name }).click()
  await page.getByRole("heading", { level: 1, name: title }).waitFor()
}
