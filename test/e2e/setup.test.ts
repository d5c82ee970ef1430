import { assert, it } from "@effect/vitest"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { parseEnv } from "node:util"
import type { Locator, Page } from "playwright"
import { openPage, violations } from "./browser.ts"
import { accessCode, newcomer } from "./Newcomer.ts"
import { apiAs } from "./Sandbox.ts"

/** Where to leave pictures of the page, if anywhere. */
const pictures = Effect.map(Config.String("SETUP_PICTURES").pipe(Config.withDefault("")), (folder) => {
  if (folder !== "") mkdirSync(folder, { recursive: true })
  return async (page: Page, name: string, place?: Locator) => {
    if (folder !== "") await (place ?? page).screenshot({ path: join(folder, `${name}.png`) })
  }
})

const signIn = async (page: Page) => {
  await page.getByLabel("Access code").fill(accessCode)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.getByRole("heading", { level: 1, name: "Set-up" }).waitFor()
}

const stepOf = (page: Page, title: string) =>
  page.locator(".steps > li").filter({ has: page.getByRole("heading", { name: title, exact: true }) })

/** Waits until a step shows these words; they are the words of the failure or of what is done. */
const says = (page: Page, title: string, words: string | RegExp) =>
  stepOf(page, title).getByText(words).first().waitFor()

const isDone = (page: Page, title: string, timeout = 30_000) =>
  page
    .locator(".steps > li.done")
    .filter({ has: page.getByRole("heading", { name: title, exact: true }) })
    .waitFor({ timeout })

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click()

/** What a person copies from the page into the file .env. */
const copied = async (page: Page) => parseEnv((await page.locator("[data-form=env]").textContent()) ?? "")

const notice = (page: Page, words: string | RegExp) =>
  page.locator(".notice").getByText(words).first().waitFor()

it.live(
  "an operator goes from an empty database to a pull request ready for review, and each step that fails says why",
  () =>
    Effect.gen(function* () {
      const { addSecret, address, apiKey, github, linear, merge, restartWith } = yield* newcomer(20)
      yield* Effect.promise(() => restartWith({}))
      const picture = yield* pictures
      const { page } = yield* openPage(address)
      yield* Effect.promise(async () => {
        const copies: Array<string> = []
        const keep = (settings: Readonly<Record<string, string | undefined>>) => {
          copies.push(...Object.keys(settings))
          return restartWith(settings)
        }
        const again = () => page.goto(`${address}/admin/setup`)

        await page.getByLabel("Access code").fill(accessCode)
        await page.getByRole("button", { name: "Sign in" }).click()
        await page.getByRole("link", { name: "open the set-up" }).click()
        await says(page, "Address", "PUBLIC_URL is not set")
        await picture(page, "setup-first")
        assert.deepStrictEqual(await violations(page), [])

        await keep({ PUBLIC_URL: address })
        await again()
        await isDone(page, "Address")

        await page.goto(`${address}/admin/setup/github?code=made-up&state=made-up`)
        await notice(page, "This way back from GitHub is not known")
        assert.strictEqual(new URL(page.url()).pathname + new URL(page.url()).search, "/admin/setup")
        await says(page, "GitHub App", "There is no GitHub App yet")
        await page.getByLabel("Organization on GitHub").fill("northwind")
        await press(page, "Create the App on GitHub")
        await page.getByRole("heading", { name: "Create GitHub App for northwind" }).waitFor()
        await press(page, "Create GitHub App")
        await page.getByRole("heading", { name: "The App is created" }).waitFor()
        await picture(page, "setup-lines", page.locator("#once"))
        assert.deepStrictEqual(await violations(page), [])
        const ofApp = await copied(page)
        assert.sameMembers(Object.keys(ofApp), [
          "GITHUB_APP_ID",
          "GITHUB_APP_PRIVATE_KEY",
          "GITHUB_WEBHOOK_SECRET"
        ])
        await page.reload()
        await says(page, "GitHub App", "There is no GitHub App yet")
        assert.strictEqual(await page.locator("#once").count(), 0)

        await keep(ofApp)
        await page.evaluate(() => localStorage.clear())
        await again()
        await signIn(page)
        await isDone(page, "GitHub App")
        assert.strictEqual(new URL(page.url()).pathname, "/admin/setup")
        github.control.failNext({ action: { _tag: "status", status: 401, body: {} } })
        await press(page, "Check again")
        await says(page, "GitHub App", "belong together")
        await press(page, "Check again")
        await isDone(page, "GitHub App")

        await says(page, "Installation", "The App is not installed on any repository.")
        await page.goto((await stepOf(page, "Installation").getByRole("link").getAttribute("href")) ?? "")
        await page.getByLabel("northwind/platform").check()
        await press(page, "Install")
        await isDone(page, "Installation")

        await says(page, "Linear", "LINEAR_API_KEY is not set.")
        await keep({ LINEAR_API_KEY: apiKey })
        const refused = { _tag: "status", status: 401, body: { errors: [] } } as const
        await again()
        await says(page, "Linear", "LINEAR_WEBHOOK_SECRET is not set")
        linear.control.failNext({ match: "viewer", action: refused })
        await press(page, "Check again")
        await says(page, "Linear", "Linear refuses the key")
        await press(page, "Check again")
        await says(page, "Linear", "LINEAR_WEBHOOK_SECRET is not set")
        await press(page, "Create the webhook in Linear")
        await page.getByRole("heading", { name: "The webhook is created" }).waitFor()
        const ofWebhook = await copied(page)
        assert.deepStrictEqual(Object.keys(ofWebhook), ["LINEAR_WEBHOOK_SECRET"])
        await press(page, "Create the webhook in Linear")
        await notice(page, "Linear has a webhook to")
        await keep(ofWebhook)
        await again()
        await isDone(page, "Linear")

        linear.control.failNext({
          match: "issueLabelCreate",
          action: { _tag: "status", status: 500, body: "" },
          times: 3
        })
        await says(page, "Team and repository", "No team of Linear is mapped to a repository.")
        await press(page, "Map the team")
        await notice(page, /Linear failed \(500\) when asked to create the label/)
        await says(page, "Team and repository", "the team has no label AI-Implement")
        linear.control.clearFaults()
        await press(page, "Create the label AI-Implement in ENG")
        await isDone(page, "Team and repository")

        await says(
          page,
          "Model credential",
          /Neither CLAUDE_CODE_OAUTH_TOKEN nor ANTHROPIC_API_KEY is a secret/
        )
        copies.push("ANTHROPIC_API_KEY at GitHub")
        await addSecret("ANTHROPIC_API_KEY")
        await press(page, "Check again")
        await isDone(page, "Model credential")

        await says(page, "Workflow files", "northwind/platform lacks the workflow files.")
        await press(page, "Open the pull request for ENG")
        await says(page, "Workflow files", /waits for its merge/)
        const [proposal] = github.pullRequests()
        await merge(proposal?.number ?? 0)
        await press(page, "Check again")
        await isDone(page, "Workflow files")

        await says(page, "Test issue", "Nothing has been dispatched yet.")
        await press(page, "Create a test issue")
        await page.getByRole("link", { name: "ENG-1" }).first().waitFor()
        // A plan, its pull request and two passes.
        await isDone(page, "Test issue", 120_000)
        await page
          .getByRole("link", { name: /\/northwind\/platform\/pull\/\d+$/ })
          .first()
          .waitFor()
        await page.setViewportSize({ width: 1280, height: 1320 })
        await picture(page, "setup-done")
        assert.deepStrictEqual(await violations(page), [])
        const made = github.pullRequests().at(-1)
        assert.match(made?.title ?? "", /^ENG-1/)
        assert.isFalse(made?.draft)
        await says(page, "Linear", /The last webhook of Linear was accepted at/)

        const api = await apiAs(page, address, accessCode)
        const audit = JSON.stringify(await api("GET", "/api/audit?limit=500"))
        for (const value of [...Object.values(ofApp), ...Object.values(ofWebhook)])
          if ((value ?? "").length > 10) assert.notInclude(audit, value ?? "")

        await press(page, "Remove the test issue")
        await page.getByRole("dialog").getByRole("button", { name: "Remove the test issue" }).click()
        await notice(page, "The test issue is removed.")
        assert.isTrue(linear.control.issueByIdentifier("ENG-1")?.trashed)
        assert.deepStrictEqual(copies, [
          "PUBLIC_URL",
          "GITHUB_APP_ID",
          "GITHUB_APP_PRIVATE_KEY",
          "GITHUB_WEBHOOK_SECRET",
          "LINEAR_API_KEY",
          "LINEAR_WEBHOOK_SECRET",
          "ANTHROPIC_API_KEY at GitHub"
        ])
      })
    }).pipe(Effect.scoped),
  600_000
)
