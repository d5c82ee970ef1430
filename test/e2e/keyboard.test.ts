import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Page } from "playwright"
import { openPage } from "./browser.ts"
import { focusedName } from "./inPage.ts"
import { apiAs } from "./Sandbox.ts"
import { sandbox } from "./sandboxProcess.ts"

/** Presses Tab until what is wanted has the focus. */
const tabTo = async (page: Page, wanted: RegExp) => {
  const seen: Array<string> = []
  for (let presses = 0; presses < 400; presses++) {
    await page.keyboard.press("Tab")
    const name = await focusedName(page)
    if (wanted.test(name)) return name
    seen.push(name)
  }
  return assert.fail(`Tab does not lead to ${wanted}: ${[...new Set(seen)].join(" | ")}`)
}

const press = async (page: Page, ...keys: ReadonlyArray<string>) => {
  for (const key of keys) await page.keyboard.press(key)
}

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name }).waitFor()

it.live(
  "an operator without a mouse signs in, reads why a run failed, retries it, edits a mapping and approves a plan",
  () =>
    Effect.gen(function* () {
      const { address, code } = yield* sandbox(8)
      const { page } = yield* openPage(address)
      yield* Effect.promise(async () => {
        const api = await apiAs(page, address, code)
        await api("PATCH", "/api/mappings/ENG", { maxInProgressAiIssues: 50 })
        await page.getByLabel("Access code").waitFor()
        await page.keyboard.type(code)
        await press(page, "Tab")
        await page.keyboard.type("Kim")
        await press(page, "Enter")
        await heading(page, "Overview")

        await press(page, "?")
        await page.getByRole("dialog", { name: "Keys" }).waitFor()
        await press(page, "Escape", "g", "d")
        await heading(page, "Dispatches")
        await tabTo(page, /^Failed$/)
        await press(page, "Enter")
        await page.waitForURL(/status=failed/)
        await page
          .getByRole("row")
          .filter({ hasText: "ENG-35" })
          .getByText("Failed")
          .first()
          .waitFor({ timeout: 60_000 })
        await tabTo(page, /^ENG-35$/)
        await press(page, "Enter")
        await heading(page, /ENG-35/)
        assert.match((await page.locator(".note.failed").textContent()) ?? "", /Failed, \w+/)
        const failed = page.url()
        await page.getByRole("button", { name: "Retry" }).waitFor()
        await tabTo(page, /^Retry$/)
        await press(page, "Enter")
        await page.getByRole("dialog").waitFor()
        await tabTo(page, /^Dispatch again$/)
        await press(page, "Enter")
        await page.waitForURL((url) => url.href !== failed)
        await heading(page, /ENG-35/)

        await press(page, "g", "m")
        await heading(page, "Mappings")
        await page.getByRole("row").filter({ hasText: "OPS" }).waitFor()
        await tabTo(page, /^OPS$/)
        await press(page, "Enter")
        await heading(page, "Mapping of OPS")
        await tabTo(page, /^Issues at once$/)
        await press(page, "Control+a")
        await page.keyboard.type("4")
        await press(page, "Enter")
        await page.getByText("The mapping of OPS is saved.").waitFor()
        await page.getByRole("row").filter({ hasText: "OPS" }).getByRole("cell", { name: "4" }).waitFor()

        await press(page, "g", "i")
        await heading(page, "Issues")
        await page
          .getByRole("button", { name: /^Approve plan OPS-/, includeHidden: true })
          .first()
          .waitFor({
            state: "attached",
            timeout: 60_000
          })
        const name = await tabTo(page, /^Approve plan OPS-/)
        await press(page, "Enter")
        await page.getByText(`The plan of ${name.replace("Approve plan ", "")} is approved`).waitFor()
      })
    }).pipe(Effect.scoped)
)
