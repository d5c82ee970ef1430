import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { goTo, openPage, signIn } from "./browser.ts"
import { drawnRows, focusedName, isMarked, mark, scrolled, whenRowSays, workToFirstRows } from "./inPage.ts"
import { proxyTo } from "./proxy.ts"
import { type Json, Sandbox, until } from "./Sandbox.ts"

/** The browser follows by less where a line above changes. */
const lineHeight = 16

layer(Sandbox.at(2), { timeout: "2 minutes", excludeTestServices: true })("what is seen", (it) => {
  it.effect(
    "follows the service within a second, and disturbs neither scroll, focus, choice nor dialog",
    () =>
      Effect.gen(function* () {
        const { api, endless, github, page } = yield* Sandbox
        yield* Effect.promise(async () => {
          await page.setViewportSize({ width: 1000, height: 320 })
          await goTo(page, "Dispatches")
          await github("POST", "/cancel-delay", { millis: null })
          await api("PATCH", "/api/mappings/ENG", { maxInProgressAiIssues: 20 })
          const pause = async (paused: boolean) => {
            for (const team of ["ENG", "WEB", "OPS"]) await api("PATCH", `/api/mappings/${team}`, { paused })
          }
          const ours: Array<string> = []
          for (let count = 0; count < 8; count++) ours.push(await endless("ENG"))
          const live = async (): Promise<ReadonlyArray<Json>> =>
            (await api("GET", "/api/log?limit=100")).filter(
              ({ issueIdentifier, status }: Json) => status === "running" && ours.includes(issueIdentifier)
            )
          await until(async () => (await live()).length === ours.length)
          await pause(true)
          const [one, other, ...rest] = await live()
          await page.getByLabel(`Select ${other.issueIdentifier}`).first().check()
          await page.getByRole("row").filter({ hasText: one.issueIdentifier }).first().hover()
          await page.mouse.wheel(0, 40)
          await until(async () => (await scrolled(page)) > 0)
          await page.getByRole("button", { name: `Cancel ${one.issueIdentifier}`, exact: true }).click()
          const dialog = page.getByRole("dialog")
          await dialog.waitFor()
          await page.keyboard.press("Tab")
          const [scroll, focus] = [await scrolled(page), await focusedName(page)]
          assert.match(focus, /\w/)

          const slowest: Array<number> = []
          for (const round of [rest.slice(0, 3), rest.slice(3)]) {
            const took: Array<number> = []
            for (const { id } of round) {
              const seen = whenRowSays(page, id, "stop requested")
              await api("POST", `/api/dispatches/${id}/cancel`)
              const answered = performance.timeOrigin + performance.now()
              took.push((await seen) - answered)
            }
            slowest.push(Math.max(...took))
          }
          assert.isBelow(Math.min(...slowest), 1000, slowest.join(", "))
          assert.isTrue(await dialog.isVisible())
          assert.strictEqual(await focusedName(page), focus)
          assert.approximately(await scrolled(page), scroll, lineHeight)
          await page.keyboard.press("Escape")
          assert.isTrue(await page.getByLabel(`Select ${other.issueIdentifier}`).first().isChecked())
          await pause(false)
        })
      })
  )

  it.effect("says so when the connection is cut, and catches up by replay when it is back", () =>
    Effect.gen(function* () {
      const { address, api, code } = yield* Sandbox
      const proxy = yield* proxyTo(address)
      const { page } = yield* openPage(proxy.address)
      yield* Effect.promise(async () => {
        await signIn(page, code)
        await goTo(page, "Mappings")
        const paused = page.getByRole("row").filter({ hasText: "ENG" }).getByText("Paused")
        await page.getByRole("row").filter({ hasText: "ENG" }).waitFor()
        await mark(page)
        const replays: Array<string> = []
        page.on("request", (request) => {
          const last = request.headers()["last-event-id"]
          if (last !== undefined) replays.push(last)
        })

        proxy.cut()
        await page.getByText("Reconnecting").waitFor()
        await api("PATCH", "/api/mappings/ENG", { paused: true })
        assert.isFalse(await paused.isVisible())

        proxy.mend()
        await paused.waitFor()
        await page.getByText("Reconnecting").waitFor({ state: "detached" })
        assert.isAbove(replays.length, 0)
        assert.isTrue(await isMarked(page))
        await api("PATCH", "/api/mappings/ENG", { paused: false })
      })
    }).pipe(Effect.scoped)
  )

  it.effect("shows 500 rows after less than 200 ms of work, and is bounded with 10,000 candidates", () =>
    Effect.gen(function* () {
      const { api, page } = yield* Sandbox
      yield* Effect.promise(async () => {
        await page.setViewportSize({ width: 1280, height: 800 })
        const id = (index: number) => `0190f000-0000-7000-8000-${String(index).padStart(12, "0")}`
        const [dispatch] = await api("GET", "/api/log?limit=1")
        const rows = Array.from({ length: 500 }, (_, index) => ({ ...dispatch, id: id(index) }))
        const issue = (await until(async () => (await api("GET", "/api/issues?reason=blocked"))[0])) as Json
        const issues = Array.from({ length: 10_000 }, (_, index) => ({ ...issue, issueId: id(index) }))
        await page.route(/\/api\/log$/, (route) => route.fulfill({ json: rows }))
        await page.route(/\/api\/issues$/, (route) => route.fulfill({ json: issues }))

        const measured: Array<number> = []
        for (let round = 0; round < 3; round++) {
          await goTo(page, "Settings")
          await page.reload()
          await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor()
          measured.push(await workToFirstRows(page, "Dispatches", "dispatches-page"))
        }
        assert.isBelow(Math.min(...measured), 200, measured.join(", "))
        await until(async () => (await drawnRows(page, "dispatches-page")) === 500)

        await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Issues" }).click()
        await page.getByText("1–200 of 10,000").waitFor()
        await until(async () => (await drawnRows(page, "issues-page")) === 200)
        await page.getByRole("button", { name: "Next" }).click()
        await page.getByText("201–400 of 10,000").waitFor()
        await page.getByRole("searchbox").fill(issue.identifier)
        await until(async () => (await drawnRows(page, "issues-page")) === 200)
      })
    })
  )
})
