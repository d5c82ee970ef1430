import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { createHmac, randomUUID } from "node:crypto"
import { Mappings } from "../../src/admin/Mappings.ts"
import { TeamKey } from "../../src/domain/Ids.ts"
import { Asked, send, type Sent, server } from "../support/httpServer.ts"

const secrets = { LINEAR_WEBHOOK_SECRET: "of-linear", GITHUB_WEBHOOK_SECRET: "of-github" }

const hmac = (secret: string, body: string | Uint8Array) =>
  createHmac("sha256", secret).update(body).digest("hex")

interface Delivery {
  readonly id?: string
  readonly secret?: string
  readonly signature?: string
  readonly event?: string
  readonly chunked?: boolean
}

const post = (path: string, body: string, headers: Record<string, string>, rest: Sent = {}) =>
  send(path, { ...rest, method: "POST", body, headers })

const linear = (
  body: unknown,
  { chunked = false, id = randomUUID(), secret = "of-linear", signature }: Delivery = {}
) => {
  const text = typeof body === "string" ? body : JSON.stringify(body)
  const headers = { "linear-delivery": id, "linear-signature": signature ?? hmac(secret, text) }
  return post("/webhooks/linear", text, headers, { chunked })
}

const github = (
  body: unknown,
  { event = "ping", id = randomUUID(), secret = "of-github", signature }: Delivery = {}
) => {
  const text = typeof body === "string" ? body : JSON.stringify(body)
  return post("/webhooks/github", text, {
    "x-github-event": event,
    "x-github-delivery": id,
    "x-hub-signature-256": signature ?? `sha256=${hmac(secret, text)}`
  })
}

const issue = (sentAt = 0) => ({ type: "Issue", action: "update", data: {}, webhookTimestamp: sentAt })

const comment = {
  action: "created",
  repository: { name: "App", owner: { login: "Acme" } },
  issue: { number: 12, pull_request: {} },
  comment: { id: 99, body: "/ai-implement again" }
}

layer(server({ ...secrets, ADMIN_ACCESS_CODE: "" }))("a webhook, with no admin set up,", (it) => {
  it.effect("of Linear requests a pass", () =>
    Effect.gen(function* () {
      const asked = yield* Asked
      const answer = yield* linear(issue())
      assert.deepStrictEqual([answer.status, answer.json], [200, { received: true }])
      assert.deepStrictEqual(asked.splice(0), ["pass by webhook"])
      assert.strictEqual((yield* linear({ ...issue(), type: "Project" }, { chunked: true })).status, 200)
      assert.deepStrictEqual(asked.splice(0), [])
    })
  )

  it.effect("of GitHub signals the loop concerned", () =>
    Effect.gen(function* () {
      const asked = yield* Asked
      const run = { workflow_run: { event: "workflow_dispatch" } }
      assert.strictEqual((yield* github(run, { event: "workflow_run" })).status, 200)
      assert.strictEqual(
        (yield* github({ pull_request: { number: 1 } }, { event: "pull_request" })).status,
        200
      )
      assert.strictEqual((yield* github({ zen: "" })).status, 200)
      assert.deepStrictEqual(asked.splice(0), ["notify monitor", "notify pull-requests"])
    })
  )

  it.effect("with a comment's command is stored once", () =>
    Effect.gen(function* () {
      const asked = yield* Asked
      const sql = yield* SqlClient.SqlClient
      for (const sender of ["ada", "bob"]) {
        const sent = { ...comment, sender: { login: sender } }
        assert.strictEqual((yield* github(sent, { event: "issue_comment" })).status, 200)
      }
      assert.deepStrictEqual(asked.splice(0), ["notify comments", "notify comments"])
      assert.deepStrictEqual(
        yield* sql`select owner, repo, pr_number, comment_id, state, attempts from comment_triggers`,
        [{ owner: "acme", repo: "app", prNumber: 12, commentId: 99, state: "pending", attempts: 0 }]
      )
    })
  )

  it.effect("that is delivered again, also under another id, is accepted without effect", () =>
    Effect.gen(function* () {
      const asked = yield* Asked
      const sql = yield* SqlClient.SqlClient
      const merged = { pull_request: { number: 2 } }
      const digest = hmac("of-github", JSON.stringify(merged))
      const rows = Effect.map(sql`select 1 from webhook_deliveries`, ({ length }) => length)
      for (const again of [
        (id: string) => linear(issue(1), { id }),
        (id: string) => github(merged, { event: "pull_request", id }),
        (id: string) =>
          github(merged, { event: "pull_request", id, signature: `sha256=${digest.toUpperCase()}` })
      ]) {
        const before = yield* rows
        for (const id of ["a", "a", "b", "c"]) assert.strictEqual((yield* again(id)).status, 200)
        assert.isAtMost((yield* rows) - before, 1)
      }
      assert.deepStrictEqual(asked.splice(0), ["pass by webhook", "notify pull-requests"])
    })
  )

  it.effect("of Linear about a team without a mapping is accepted without effect", () =>
    Effect.gen(function* () {
      const asked = yield* Asked
      const sql = yield* SqlClient.SqlClient
      yield* (yield* Mappings).save(
        { teamKey: TeamKey.make("ENG"), owner: "acme", repo: "app" },
        { name: "Ada", session: null, address: null }
      )
      const stored = sql`select id from webhook_deliveries order by id`
      const before = yield* stored
      for (const data of [{ team: { key: "OPS" } }, { issue: { team: { key: "OPS" } } }]) {
        assert.strictEqual((yield* linear({ ...issue(2), data })).status, 200)
      }
      assert.deepStrictEqual(asked.splice(0), [])
      assert.deepStrictEqual(yield* stored, before)
      for (const data of [{ team: { key: "ENG" } }, { issue: { team: { key: "ENG" } } }]) {
        assert.strictEqual((yield* linear({ ...issue(2), data })).status, 200)
      }
      assert.deepStrictEqual(asked.splice(0), ["pass by webhook", "pass by webhook"])
    })
  )

  it.effect("without a valid signature of its whole body is refused", () =>
    Effect.gen(function* () {
      const asked = yield* Asked
      const good = hmac("of-linear", JSON.stringify(issue()))
      const wrong = [
        "",
        "nonsense",
        good.slice(0, -1),
        good.slice(0, -2),
        `${good}00`,
        good.replace(/^./, (digit) => (digit === "0" ? "1" : "0")),
        hmac("of-linear", `${JSON.stringify(issue())} `),
        hmac("of-github", JSON.stringify(issue()))
      ]
      for (const signature of wrong) {
        const answer = yield* linear(issue(), { signature })
        assert.strictEqual(answer.status, 401, signature)
        assert.include(answer.body, "LINEAR_WEBHOOK_SECRET")
        const other = yield* github(issue(), { signature: `sha256=${signature}` })
        assert.strictEqual(other.status, signature === wrong.at(-1) ? 200 : 401, signature)
      }
      const bare = yield* github(issue(), { signature: hmac("of-github", JSON.stringify(issue())) })
      assert.strictEqual(bare.status, 401)
      assert.strictEqual((yield* linear("not even JSON", { secret: "other" })).status, 401)
      assert.deepStrictEqual(asked.splice(0), [])
    })
  )

  it.effect("of Linear is accepted at any age, and counts once; a wrong signature never is", () =>
    Effect.gen(function* () {
      const asked = yield* Asked
      const [minute, hour] = [60_000, 3_600_000]
      yield* TestClock.setTime(10 * hour)
      for (const age of [0, minute + 1, hour, 6 * hour, -2 * minute]) {
        const event = issue(10 * hour - age)
        assert.strictEqual((yield* linear(event, { secret: "other" })).status, 401, String(age))
        for (const again of [1, 2]) {
          assert.strictEqual((yield* linear(event)).status, 200, `${age}, delivery ${again}`)
        }
      }
      assert.lengthOf(asked.splice(0), 5)
    })
  )

  it.effect("with an invalid body is refused", () =>
    Effect.gen(function* () {
      const asked = yield* Asked
      for (const body of [
        "",
        "{",
        "payload=%7B%7D",
        "[]",
        "{}",
        '{"type":"Issue"}',
        "\u0000",
        "[".repeat(50_000)
      ]) {
        assert.strictEqual((yield* linear(body)).status, 400, body.slice(0, 20))
        assert.strictEqual((yield* github(body, { event: "pull_request" })).status, 400, body.slice(0, 20))
      }
      for (const id of ["", "a\u00e9", "x".repeat(101)]) {
        assert.strictEqual((yield* linear(issue(), { id })).status, 400, id)
      }
      assert.deepStrictEqual(asked.splice(0), [])
    })
  )

  it.effect("over 1 MiB is refused before its signature is verified", () =>
    Effect.gen(function* () {
      const body = JSON.stringify({ ...issue(), data: "x".repeat(1024 * 1024) })
      for (const chunked of [false, true]) {
        assert.strictEqual((yield* linear(body, { chunked, signature: "" })).status, 413)
      }
    })
  )

  it.effect("accepts POST only, and no other path exists", () =>
    Effect.gen(function* () {
      const read = yield* send("/webhooks/linear")
      assert.deepStrictEqual([read.status, read.headers["allow"]], [405, "POST"])
      assert.strictEqual((yield* send("/webhooks/other", { method: "POST", body: "{}" })).status, 404)
    })
  )
})

describe("a webhook whose secret is not set", () => {
  it.effect("is refused with the setting's name, and the other one works", () =>
    Effect.gen(function* () {
      const answer = yield* linear(issue())
      assert.strictEqual(answer.status, 503)
      assert.include(answer.body, "LINEAR_WEBHOOK_SECRET")
      assert.deepStrictEqual(yield* Asked, [])
      assert.strictEqual((yield* github({})).status, 200)
    }).pipe(Effect.provide(server({ GITHUB_WEBHOOK_SECRET: "of-github" })))
  )
})
