import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Schema from "effect/Schema"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import type { Page } from "playwright"
import { openPage } from "./browser.ts"
import { sandbox } from "./sandboxProcess.ts"

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8")

const violations = (page: Page) =>
  Effect.promise(async () => {
    await page.evaluate(axe)
    return page.evaluate(async () => {
      const result = await (
        globalThis as unknown as {
          axe: {
            run: () => Promise<{
              violations: ReadonlyArray<{ id: string; nodes: ReadonlyArray<{ html: string }> }>
            }>
          }
        }
      ).axe.run()
      return result.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`)
    })
  })

const signIn = (page: Page, code: string) =>
  Effect.promise(async () => {
    await page.getByLabel("Access code").fill(code)
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByRole("navigation").getByRole("link", { name: "Dispatches" }).waitFor()
  })

const goTo = (page: Page, name: string) =>
  Effect.promise(async () => {
    await page.getByRole("navigation").getByRole("link", { name }).click()
    await page.getByRole("heading", { level: 1, name }).waitFor()
  })

const LocalIssue = Schema.Struct({
  labels: Schema.Array(Schema.String),
  state: Schema.Struct({ name: Schema.String }),
  comments: Schema.Array(Schema.Struct({ body: Schema.String }))
})

const localIssue = (linear: string, identifier: string) =>
  HttpClient.get(`${linear}/_control/issues/${identifier}`).pipe(
    Effect.flatMap(HttpClientResponse.schemaBodyJson(LocalIssue)),
    Effect.provide(FetchHttpClient.layer)
  )

it.live("an operator signs in and watches an issue become a pull request", () =>
  Effect.gen(function* () {
    const { address, code, linear } = yield* sandbox(10)
    const { page, complaints } = yield* openPage(address)

    yield* Effect.promise(async () => {
      await page.getByLabel("Access code").fill("not-the-code-at-all")
      await page.getByRole("button", { name: "Sign in" }).click()
      await page.getByRole("alert").waitFor()
    })
    assert.deepStrictEqual(
      complaints.filter((text) => !text.includes("401")),
      []
    )
    complaints.length = 0

    yield* signIn(page, code)
    yield* goTo(page, "Dispatches")
    const succeeded = page
      .getByRole("row")
      .filter({ hasText: "ENG-32" })
      .filter({ hasText: /succeeded/i })
      .filter({ hasText: /#\d+/ })
    yield* Effect.promise(() => succeeded.first().waitFor({ timeout: 60_000 }))
    const pull = succeeded.first().getByRole("link", { name: /#\d+/ })
    assert.match(
      (yield* Effect.promise(() => pull.getAttribute("href"))) ?? "",
      /\/northwind\/platform\/pull\/\d+$/
    )
    assert.deepStrictEqual(yield* violations(page), [])

    const issue = yield* localIssue(linear, "ENG-32")
    assert.deepStrictEqual(issue.labels.toSorted(), [
      "AI-Implement",
      "Bug",
      "Plan-Complete",
      "Ready for Review"
    ])
    assert.strictEqual(issue.state.name, "In Progress")
    assert.strictEqual(issue.comments.length, 4)
    assert.match(issue.comments[3]?.body ?? "", /pull\/\d+/)

    yield* goTo(page, "Issues")
    for (const why of [
      /Blocked/,
      /Team at capacity|Running|Dispatched recently/,
      /Labelled elsewhere|AI-Working/,
      /mapping/i
    ]) {
      yield* Effect.promise(() => page.getByRole("row").filter({ hasText: why }).first().waitFor())
    }
    assert.deepStrictEqual(yield* violations(page), [])

    yield* goTo(page, "Mappings")
    for (const team of ["ENG", "WEB", "OPS"]) {
      yield* Effect.promise(() => page.getByRole("row").filter({ hasText: team }).first().waitFor())
    }
    assert.deepStrictEqual(yield* violations(page), [])

    yield* goTo(page, "Overview")
    assert.deepStrictEqual(yield* violations(page), [])
    assert.deepStrictEqual(complaints, [])
  }).pipe(Effect.scoped)
)
