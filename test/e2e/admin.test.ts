import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Schema from "effect/Schema"
import { eventually } from "../support/eventually.ts"
import { goTo, openPage, signIn, violations } from "./browser.ts"
import { sandbox } from "./sandboxProcess.ts"

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

    yield* Effect.promise(() => signIn(page, code))
    yield* Effect.promise(() => goTo(page, "Dispatches"))
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
    assert.deepStrictEqual(yield* Effect.promise(() => violations(page)), [])

    const issue = yield* eventually(
      "ENG-32 is commented on",
      localIssue(linear, "ENG-32"),
      ({ comments, labels }) => comments.length > 3 && labels.includes("Ready for Review")
    )
    assert.deepStrictEqual(issue.labels.toSorted(), [
      "AI-Implement",
      "Bug",
      "Plan-Complete",
      "Ready for Review"
    ])
    assert.strictEqual(issue.state.name, "In Progress")
    assert.strictEqual(issue.comments.length, 4)
    assert.match(issue.comments[3]?.body ?? "", /pull\/\d+/)

    yield* Effect.promise(() => goTo(page, "Issues"))
    for (const why of [
      /Blocked/,
      /Team at capacity|Running|Dispatched recently/,
      /Labelled elsewhere|AI-Working/,
      /mapping/i
    ]) {
      yield* Effect.promise(() => page.getByRole("row").filter({ hasText: why }).first().waitFor())
    }
    assert.deepStrictEqual(yield* Effect.promise(() => violations(page)), [])

    yield* Effect.promise(() => goTo(page, "Mappings"))
    for (const team of ["ENG", "WEB", "OPS"]) {
      yield* Effect.promise(() => page.getByRole("row").filter({ hasText: team }).first().waitFor())
    }
    assert.deepStrictEqual(yield* Effect.promise(() => violations(page)), [])

    yield* Effect.promise(() => goTo(page, "Overview"))
    assert.deepStrictEqual(yield* Effect.promise(() => violations(page)), [])
    assert.deepStrictEqual(complaints, [])
  }).pipe(Effect.scoped)
)
