import { assert, layer } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import * as Schema from "effect/Schema"
import { Shutdown } from "../../src/http/Shutdown.ts"
import { eventually } from "../support/eventually.ts"
import { dispatch, question } from "../support/apiSamples.ts"
import { type Answer, Asked, send, server } from "../support/httpServer.ts"

const dispatchId = dispatch(1).id
const unknown = dispatch(2).id

const post = (path: string, body: unknown, token: string | null = "good") =>
  send(path, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token !== null && { authorization: `Bearer ${token}` })
    },
    body: typeof body === "string" ? body : JSON.stringify(body)
  })

const decodeError = Schema.decodeUnknownSync(
  Schema.Struct({
    _tag: Schema.String,
    error: Schema.NonEmptyString,
    issues: Schema.optionalKey(Schema.Array(Schema.Struct({ path: Schema.String, message: Schema.String })))
  })
)
const errorOf = ({ json }: Answer) => decodeError(json)

const report = { dispatchId, phase: "implementation", outcome: "delivered" }

const routes = [
  ["/runner/claim", { dispatchId }],
  ["/runner/token", { dispatchId }],
  ["/runner/report", report],
  ["/runner/progress", { dispatchId, step: "agent", lines: ["one", "two"] }]
] as const

layer(server())("a route of runs", (it) => {
  it.effect("accepts calls of a known run and returns the context to a claimant", () =>
    Effect.gen(function* () {
      const claimed = yield* post("/runner/claim", { dispatchId })
      assert.strictEqual(claimed.status, 200, claimed.body)
      assert.deepInclude(claimed.json, {
        identifier: "ENG-1",
        repo: "acme/app",
        branch: "ai-implement/ENG-1-add-a-login",
        deadlineAt: "2026-01-02T03:04:05.000Z",
        questionsToken: null
      })
      const granted = yield* post("/runner/token", { dispatchId })
      assert.deepStrictEqual(granted.json, { token: "ghs_narrow", expiresAt: "2026-01-02T03:04:05.000Z" })
      for (const [path, body] of routes.slice(2)) {
        const answer = yield* post(path, body)
        assert.strictEqual(answer.status, 200, answer.body)
        assert.deepStrictEqual(answer.json, { accepted: true })
      }
      assert.includeMembers(yield* Asked, ["report delivered", "progress agent 2"])
    })
  )

  it.effect("answers every refusal in the common form of errors", () =>
    Effect.gen(function* () {
      for (const [path, body] of routes) {
        for (const [token, status, tag] of [
          [null, 401, "Unauthorized"],
          ["stranger", 401, "Unauthorized"],
          ["late", 409, "Conflict"],
          ["busy", 429, "TooManyCalls"],
          ["blind", 503, "UpstreamUnavailable"]
        ] as const) {
          const answer = yield* post(path, body, token)
          assert.deepStrictEqual([answer.status, errorOf(answer)._tag], [status, tag], path)
          assert.strictEqual(answer.headers["retry-after"], status === 429 ? "3" : undefined, path)
        }
        const absent = yield* post(path, { ...body, dispatchId: unknown })
        assert.deepStrictEqual([absent.status, errorOf(absent)._tag], [404, "NotFound"], path)
      }
    })
  )

  it.effect("accepts a comment that a job reports", () =>
    Effect.gen(function* () {
      const comment = { number: 12, commentId: 99 }
      const taken = yield* post("/runner/comment", comment)
      assert.deepStrictEqual([taken.status, taken.json], [202, { accepted: true }])
      assert.include(yield* Asked, "comment 99 on 12")
      for (const [token, status] of [
        [null, 401],
        ["stranger", 401],
        ["foreign", 404],
        ["blind", 503]
      ] as const) {
        assert.strictEqual((yield* post("/runner/comment", comment, token)).status, status, String(token))
      }
      for (const wrong of [{ number: 0 }, { number: 2 ** 31 }, { commentId: 1.5 }, { body: "x" }]) {
        assert.strictEqual((yield* post("/runner/comment", { ...comment, ...wrong })).status, 400)
      }
    })
  )

  it.effect("refuses a request without a run's token before its body, query or path is read", () =>
    Effect.gen(function* () {
      for (const [path] of [...routes, ["/runner/comment"], ["/runner/questions"]] as const) {
        for (const body of ["{", { extra: true }, {}]) {
          for (const token of [null, "stranger"]) {
            const answer = yield* post(path, body, token)
            assert.deepStrictEqual([answer.status, errorOf(answer)._tag], [401, "Unauthorized"], path)
          }
          assert.strictEqual((yield* post(path, body)).status, 400, path)
        }
      }
      const stranger = { authorization: "Bearer stranger" }
      assert.strictEqual((yield* send("/runner/questions/none?wait=long", { headers: stranger })).status, 401)
      assert.strictEqual((yield* send("/runner/questions/none?wait=long")).status, 401)
      const basic = { authorization: "Basic Z29vZA==", "content-type": "application/json" }
      assert.strictEqual(
        (yield* send("/runner/claim", { method: "POST", headers: basic, body: "{" })).status,
        401
      )
    })
  )

  it.effect("names every invalid field and rejects unknown fields", () =>
    Effect.gen(function* () {
      const wrong = yield* post("/runner/report", {
        dispatchId: "one",
        phase: "dreaming",
        outcome: "great",
        costUsd: -1,
        extra: true
      })
      assert.strictEqual(wrong.status, 400)
      assert.sameMembers(errorOf(wrong).issues?.map(({ path }) => path) ?? [], [
        "dispatchId",
        "phase",
        "outcome",
        "costUsd",
        "extra"
      ])
      const long = Array.from({ length: 201 }, () => "line")
      assert.strictEqual((yield* post("/runner/progress", { dispatchId, lines: long })).status, 400)
      assert.strictEqual((yield* post("/runner/progress", { dispatchId, step: "a\0b" })).status, 400)
      assert.strictEqual((yield* post("/runner/claim", "{")).status, 400)
    })
  )

  it.effect("rejects numbers that cannot be stored", () =>
    Effect.gen(function* () {
      for (const number of [2 ** 31, 2 ** 53, 1e308, -1, 0.5]) {
        for (const wrong of [
          { tokens: number },
          { turns: number },
          { pullRequest: { number, url: "https://github.test/1", draft: false } }
        ]) {
          const answer = yield* post("/runner/report", { ...report, ...wrong })
          assert.strictEqual(answer.status, 400, answer.body)
          assert.match(errorOf(answer).issues?.[0]?.path ?? "", /^(?:tokens|turns|pullRequest\.number)$/)
        }
      }
      for (const costUsd of [1e300, -0.01]) {
        assert.strictEqual((yield* post("/runner/report", { ...report, costUsd })).status, 400)
      }
    })
  )

  it.effect("rejects a body over 1 MiB or without JSON", () =>
    Effect.gen(function* () {
      const large = yield* post("/runner/report", { ...report, gaps: "a".repeat(1024 * 1024) })
      assert.deepStrictEqual([large.status, errorOf(large)._tag], [413, "TooLarge"])
      const headers = { authorization: "Bearer good", "content-type": "text/plain" }
      const plain = yield* send("/runner/claim", { method: "POST", headers, body: "claim" })
      assert.deepStrictEqual([plain.status, errorOf(plain)._tag], [415, "NotJson"])
    })
  )

  it.effect(
    "takes a question, and returns its state at once, after a wait, or when the service goes down",
    () =>
      Effect.gen(function* () {
        const asked = yield* post("/runner/questions", {
          dispatchId,
          text: "Which logo?",
          options: ["A", "B"]
        })
        assert.strictEqual(asked.status, 201, asked.body)
        assert.deepStrictEqual(asked.json, { id: question.id, expiresAt: "2026-01-02T03:04:05.000Z" })
        const look = (id: string, query = "", token = "good") =>
          send(`/runner/questions/${id}${query}`, { headers: { authorization: `Bearer ${token}` } })
        for (const query of ["", "?wait=7"]) {
          const { json, status } = yield* look(question.id, query)
          assert.strictEqual(status, 200)
          assert.deepStrictEqual(json, { state: "open", answer: null, expiresAt: "2026-01-02T03:04:05.000Z" })
        }
        const waiting = yield* Effect.forkChild(look(question.id, "?wait=60"))
        yield* TestClock.withLive(
          eventually("the question is waited for", Asked, (lines) => lines.includes("wait 60"))
        )
        yield* Deferred.succeed((yield* Shutdown).begun, undefined)
        assert.strictEqual((yield* Fiber.join(waiting)).status, 200)
        assert.includeMembers(yield* Asked, ["ask Which logo?", "wait 0", "wait 7"])
        assert.strictEqual((yield* look(unknown)).status, 404)
        assert.strictEqual((yield* look(question.id, "", "stranger")).status, 401)
        for (const wait of ["-1", "61", "1.5", "long"]) {
          assert.strictEqual((yield* look(question.id, `?wait=${wait}`)).status, 400, wait)
        }
        assert.strictEqual((yield* post("/runner/questions", { dispatchId, text: "" })).status, 400)
        assert.strictEqual((yield* post("/runner/questions", { dispatchId, text: "?" }, "late")).status, 409)
      })
  )

  it.effect("answers 405 with the allowed method, and 404 elsewhere", () =>
    Effect.gen(function* () {
      for (const [path] of routes) {
        const answer = yield* send(path)
        assert.deepStrictEqual([answer.status, answer.headers["allow"]], [405, "POST"], path)
      }
      assert.strictEqual((yield* post("/runner/other", {})).status, 404)
    })
  )
})

layer(server({ ADMIN_ACCESS_CODE: "" }))("without an access code", (it) => {
  it.effect("serves runs while the API is off", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* post("/runner/claim", { dispatchId })).status, 200)
      assert.strictEqual((yield* send("/api/mappings")).status, 404)
    })
  )
})
