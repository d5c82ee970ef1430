import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { join } from "node:path"
import { folder } from "../support/postgres.ts"
import { running } from "../support/running.ts"
import { openPage, signIn } from "./browser.ts"

const code = "an-access-code-of-this-test"

it.live(
  "a database that was used elsewhere is paused, says why, and continues once an operator confirms",
  () =>
    Effect.gen(function* () {
      const home = yield* folder
      const start = (publicUrl: string) =>
        running({
          HOME: home,
          DATA_DIR: join(home, "data"),
          HOST: "127.0.0.1",
          PORT: "0",
          PUBLIC_URL: publicUrl,
          ADMIN_ACCESS_CODE: code
        })
      const [elsewhere, here] = ["http://elsewhere.example", "http://here.example"]
      yield* Effect.andThen(start(elsewhere), ({ stop }) => stop).pipe(Effect.scoped)

      const service = yield* start(here)
      const { page } = yield* openPage(service.url)
      yield* Effect.promise(async () => {
        await signIn(page, code)
        const bar = page.getByRole("status").filter({ hasText: "All dispatching is paused" })
        const text = (await bar.textContent()) ?? ""
        assert.include(text, `This database was last used at ${elsewhere}, and now at ${here}.`)
        assert.include(text, "then resume to confirm")
        await page.getByRole("button", { name: "Resume all" }).click()
        await page.getByText("Dispatching is resumed.").waitFor()
        await bar.waitFor({ state: "detached" })
      })
      yield* service.stop

      const again = yield* start(here)
      const { page: later } = yield* openPage(again.url)
      yield* Effect.promise(async () => {
        await signIn(later, code)
        await later.getByRole("button", { name: "Pause all" }).waitFor()
        assert.isFalse(await later.getByText("All dispatching is paused").isVisible())
      })
    }).pipe(Effect.scoped)
)
