import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { CallFailed } from "../../../src/runner/Orchestrator.ts"
import { serveQuestions } from "../../../src/runner/questions/server.ts"

const call = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "ask_human", arguments: { question: "Which?" } }
})

interface Sent {
  readonly method?: "POST" | "GET"
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const post = (url: string, { body = call, headers = {}, method = "POST" }: Sent = {}) =>
  HttpClient.execute(
    HttpClientRequest.make(method)(url).pipe(
      HttpClientRequest.setHeaders(headers),
      method === "GET" ? (request) => request : HttpClientRequest.bodyText(body)
    )
  ).pipe(
    Effect.flatMap(({ status, text }) => Effect.map(text, (text) => ({ status, text }))),
    Effect.orDie,
    Effect.provide(FetchHttpClient.layer)
  )

describe("the tool ask_human", () => {
  it.live("listens on loopback alone, at an address that cannot be guessed, and answers as a stream", () =>
    Effect.gen(function* () {
      const url = yield* serveQuestions((question) => Effect.succeed(`${question} This.`))
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}$/)
      const { status, text } = yield* post(url)
      assert.strictEqual(status, 200)
      assert.include(text, JSON.stringify(JSON.stringify("Which? This.")).slice(1, -1))
    }).pipe(Effect.scoped)
  )

  it.live("is not there for another path, a web page or another method", () =>
    Effect.gen(function* () {
      const url = yield* serveQuestions(() => Effect.die("No one asks."))
      const answers = yield* Effect.all([
        post(new URL("/mcp", url).href),
        post(url, { headers: { origin: "https://evil.test" } }),
        post(url, { method: "GET" }),
        post(url, { body: "x".repeat(200_000) })
      ])
      assert.deepStrictEqual(
        answers.map(({ status }) => status),
        [404, 404, 405, 413]
      )
    }).pipe(Effect.scoped)
  )

  it.live("lets the agent decide when the service refuses the question", () =>
    Effect.gen(function* () {
      const url = yield* serveQuestions(() =>
        Effect.fail(new CallFailed({ reason: "Conflict", message: "Five." }))
      )
      const { text } = yield* post(url)
      assert.include(text, '"isError":true')
      assert.include(text, "Decide yourself")
    }).pipe(Effect.scoped)
  )
})
