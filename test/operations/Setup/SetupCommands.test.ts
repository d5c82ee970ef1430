import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { TeamKey } from "../../../src/domain/Ids.ts"
import type { ManifestForm } from "../../../src/domain/Setup.ts"
import { Setup } from "../../../src/operations/Setup.ts"
import { SetupCommands } from "../../../src/operations/Setup/SetupCommands.ts"
import { operator, start } from "../../support/engine.ts"
import { eventually } from "../../support/eventually.ts"
import { emptySeed } from "../../support/world.ts"

const post = Effect.fnUntraced(
  function* (url: string, fields: Readonly<Record<string, string>>) {
    const request = HttpClientRequest.bodyUrlParams(HttpClientRequest.post(url), fields)
    const { headers, status } = yield* HttpClient.execute(request)
    return { status, location: headers["location"] ?? "" }
  },
  Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
  Effect.provide(Layer.fresh(FetchHttpClient.layer))
)

/** A person presses both buttons at GitHub; gives what GitHub leads back with. */
const create = Effect.fnUntraced(function* ({ action, manifest }: ManifestForm) {
  const { origin, searchParams } = new URL(action)
  assert.strictEqual((yield* post(action, { manifest })).status, 200)
  const state = searchParams.get("state") ?? ""
  const { location } = yield* post(`${origin}/settings/apps/manifest`, { manifest, state })
  const back = new URL(location)
  assert.strictEqual(`${back.origin}${back.pathname}`, "http://localhost:8080/admin/setup/github")
  return { code: back.searchParams.get("code") ?? "", state: back.searchParams.get("state") ?? "" }
})

const input = { organization: "acme", origin: "http://localhost:8080" }
const team = TeamKey.make("ENG")

describe("the commands of the set-up", () => {
  it.live("hand over each secret once, store none, and work by the vendors' contracts", () =>
    Effect.gen(function* () {
      const { github, linear, services } = yield* start({
        seed: { ...emptySeed, labels: [] },
        github: { apps: [] },
        env: { PUBLIC_URL: "http://127.0.0.1:9" }
      })
      const commands = Context.get(services, SetupCommands)
      const setup = Context.get(services, Setup)
      const sql = Context.get(services, SqlClient.SqlClient)

      const replaced = yield* create(yield* commands.prepareApp(input, operator))
      const back = yield* create(yield* commands.prepareApp(input, operator))
      const late = yield* Effect.flip(commands.receiveApp(replaced, operator))
      assert.strictEqual(late._tag, "SetupConflict")

      const known = yield* create(yield* commands.prepareApp(input, operator))
      const { lines, next } = yield* commands.receiveApp(known, operator)
      assert.deepStrictEqual(
        lines.map(({ name }) => name),
        ["GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", "GITHUB_WEBHOOK_SECRET"]
      )
      assert.match(next?.url ?? "", /\/apps\/ai-implement-\w+\/installations\/new$/)
      assert.strictEqual((yield* Effect.flip(commands.receiveApp(known, operator)))._tag, "SetupConflict")
      const { state } = known
      const again = yield* Effect.flip(commands.receiveApp({ code: back.code, state }, operator))
      assert.strictEqual(again._tag, "SetupConflict")

      yield* commands.prepareApp(input, operator)
      const other = new URL((yield* commands.prepareApp(input, operator)).action)
      const made = { code: "made-up", state: other.searchParams.get("state") ?? "" }
      const refused = yield* Effect.flip(commands.receiveApp(made, operator))
      assert.include(
        refused.message,
        "GitHub refused to hand over the App that was created: it does not know the code"
      )
      assert.notInclude(refused.message, "made-up")

      const hook = yield* commands.createWebhook(operator)
      assert.strictEqual((yield* Effect.flip(commands.createWebhook(operator)))._tag, "SetupConflict")
      const stored = JSON.stringify([
        yield* sql`select * from settings`,
        yield* sql`select * from audit`,
        yield* sql`select * from events`
      ])
      for (const { value } of [...lines.slice(1), ...hook.lines]) assert.notInclude(stored, value)

      assert.isTrue(yield* commands.createLabel(team, operator))
      assert.isFalse(yield* commands.createLabel(team, operator))
      linear.failNext({ match: "issueCreate", action: { _tag: "hangAfter" } })
      const asked = yield* Effect.forkChild(commands.createTestIssue(team, operator))
      yield* eventually(
        "the test issue is there",
        Effect.sync(() => linear.calls()),
        (calls) => calls.some(({ operation }) => operation?.includes("issueCreate"))
      )
      yield* Fiber.interrupt(asked)
      assert.isNull((yield* setup.get).testIssue)
      const issue = yield* commands.createTestIssue(team, operator)
      assert.strictEqual(issue.identifier, "ENG-1")
      assert.isUndefined(linear.issueByIdentifier("ENG-2"))
      assert.strictEqual((yield* Effect.flip(commands.createTestIssue(team, operator)))._tag, "SetupConflict")
      const { testIssue } = yield* setup.get
      assert.strictEqual(testIssue?.identifier, issue.identifier)
      assert.deepStrictEqual(linear.issueByIdentifier(issue.identifier)?.labels, ["AI-Implement"])
      yield* commands.removeTestIssue(operator)
      assert.strictEqual((yield* Effect.flip(commands.removeTestIssue(operator)))._tag, "SetupNotFound")
      assert.isNull((yield* setup.get).testIssue)
      const nowhere = yield* Effect.flip(commands.createLabel(TeamKey.make("NO"), operator))
      assert.include(nowhere.message, "Linear has no team NO")
      const entries = yield* sql`select action, subject, after->'confirmed' as confirmed from audit
        where action like 'setup.%' and action <> 'setup.app-prepare'
        order by id`
      assert.deepStrictEqual(
        entries.map(({ action, confirmed, subject }) => [action, subject, confirmed]),
        [
          ["setup.app-receive", "GitHub", null],
          ["setup.webhook-create", "http://127.0.0.1:9/webhooks/linear", null],
          ["setup.label-create", "ENG", null],
          ["setup.test-issue", "ENG", false],
          ["setup.test-issue", "ENG", null],
          ["setup.test-issue-remove", issue.identifier, null]
        ]
      )
      assert.isEmpty(github.control.violations())
    })
  )
})
