import { assert, layer } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { colourRules, unexpected, violations } from "./browser.ts"
import { type Json, Sandbox, step, until } from "./Sandbox.ts"

/** The address of every page, as the admin's router knows them. */
const paths = [
  ...readFileSync(new URL("../../web/router/routes.ts", import.meta.url), "utf8").matchAll(
    /path: (?:base|`\$\{base\}(.*)`),/g
  )
].map(([, rest = ""]) => `/admin${rest}`)

layer(Sandbox.at(4), { timeout: "2 minutes", excludeTestServices: true })("the pages", (it) => {
  it.effect(
    "keeps every page free of console errors, foreign requests and axe findings, in light and dark",
    () =>
      step(async ({ address, api, complaints, page }) => {
        const { id } = (await until(async () => (await api("GET", "/api/log?limit=1"))[0])) as Json
        for (const path of paths) {
          await page.goto(address + path.replace(":id", id).replace(":teamKey", "ENG"))
          await page.getByRole("heading", { level: 1 }).waitFor()
          await page.getByText("Loading", { exact: true }).first().waitFor({ state: "detached" })
          for (const [colorScheme, rules] of [["light"], ["dark", colourRules]] as const) {
            await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
            assert.deepStrictEqual(await violations(page, rules), [], `${path}, ${colorScheme}`)
          }
        }
        assert.isAbove(paths.length, 10)
        assert.deepStrictEqual(complaints.filter(unexpected), [])

        await page.evaluate(`document.body.append(
          Object.assign(document.createElement("script"), { textContent: "0" }),
          Object.assign(document.createElement("img"), { src: "http://127.0.0.2/" }))`)
        await until(async () =>
          ["script-src-elem inline", "img-src http://127.0.0.2/"].every((what) =>
            complaints.includes(`Forbidden by the policy: ${what}`)
          )
        )
      })
  )

  it.effect("loads at most 100 kB of script, compressed as gzip does, before the first page is whole", () =>
    step(async ({ address, page }) => {
      const browser = page.context().browser()
      if (browser === null) return assert.fail("The browser is gone.")
      const context = await browser.newContext({ storageState: await page.context().storageState() })
      const fresh = await context.newPage()
      const loaded: Array<string> = []
      fresh.on("request", (request) => {
        const { pathname } = new URL(request.url())
        if (pathname.endsWith(".js")) loaded.push(pathname)
      })
      await fresh.goto(`${address}/admin/`)
      await fresh.getByRole("heading", { name: "Went wrong, 24 hours" }).waitFor()
      const sizes = await Promise.all(
        loaded.map(async (path) => {
          const answer = await page.request.get(address + path, { headers: { "accept-encoding": "gzip" } })
          const { "content-encoding": encoding, "content-length": length } = answer.headers()
          return encoding === "gzip" ? Number(length) : (await answer.body()).length
        })
      )
      await context.close()
      const total = sizes.reduce((sum, size) => sum + size, 0)
      assert.isAbove(total, 50_000)
      assert.isAtMost(total, 100_000)
    })
  )
})
