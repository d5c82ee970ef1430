import { assert, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type * as Scope from "effect/Scope"
import { type Action, serve } from "../../src/sandbox/Upstream.ts"
import { eventually } from "../support/eventually.ts"

const setup = Effect.gen(function* () {
  const handled: Array<string> = []
  const upstream = yield* serve({
    name: "test",
    operationOf: (request) => (request.url.pathname === "/op" ? "createThing" : null),
    handler: (request) =>
      request.url.pathname === "/die"
        ? Effect.die("broken")
        : Effect.sync(() => {
            handled.push(request.body)
            return { status: 200, headers: { "x-seen": request.headers["x-sent"] ?? "" }, body: { ok: true } }
          })
  })
  return { ...upstream, handled }
})

const get = (url: string) =>
  Effect.flatMap(HttpClient.get(url), (response) =>
    Effect.map(response.text, (text) => ({ status: response.status, headers: response.headers, text }))
  )

const send = (method: "POST" | "DELETE", url: string, body: unknown = {}) =>
  Effect.flatMap(
    HttpClient.execute(HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.make(method)(url), body)),
    (response) => Effect.map(response.text, (text) => ({ status: response.status, text }))
  )

const withFault = (action: Action) =>
  Effect.gen(function* () {
    const upstream = yield* setup
    upstream.control.failNext({ action })
    const answer = get(`${upstream.url}/thing`)
    const asFarAs = eventually(
      "the call hangs where it is to hang",
      Effect.sync(() => upstream.control.calls().length + upstream.handled.length),
      (steps) => steps === (action._tag === "hang" ? 1 : 2)
    ).pipe(Effect.delay("150 millis"), Effect.andThen(Effect.fail("no answer")))
    const first = yield* Effect.result(
      action._tag.startsWith("hang") ? Effect.raceFirst(answer, asFarAs) : answer
    )
    const second = yield* get(`${upstream.url}/thing`)
    assert.strictEqual(second.text, '{"ok":true}')
    return { first, handled: upstream.handled.length - 1, calls: upstream.control.calls() }
  })

const live = (name: string, effect: Effect.Effect<void, unknown, HttpClient.HttpClient | Scope.Scope>) =>
  it.live(name, () => Effect.provide(effect, FetchHttpClient.layer))

live(
  "hands the request to the handler and records the call",
  Effect.gen(function* () {
    const { url, control, handled } = yield* setup
    assert.deepStrictEqual((yield* send("POST", `${url}/op?a=1`, { b: 2 })).text, '{"ok":true}')
    assert.deepStrictEqual(handled, ['{"b":2}'])
    const [call] = control.calls()
    assert.deepInclude(call, { method: "POST", path: "/op?a=1", operation: "createThing", status: 200 })
    assert.deepStrictEqual(control.violations(), [])
  })
)

live(
  "a status fault answers before the handler, once",
  Effect.gen(function* () {
    const { first, handled } = yield* withFault({
      _tag: "status",
      status: 503,
      headers: { "retry-after": "7" }
    })
    assert.isTrue(Result.isSuccess(first) && first.success.status === 503)
    assert.isTrue(Result.isSuccess(first) && first.success.headers["retry-after"] === "7")
    assert.strictEqual(handled, 0)
  })
)

live(
  "a delay is waited before the handler",
  Effect.gen(function* () {
    const { first, handled } = yield* withFault({ _tag: "delay", millis: 20 })
    assert.isTrue(Result.isSuccess(first))
    assert.strictEqual(handled, 1)
  })
)

live(
  "a held call waits until it is let go and meets the next fault, and others continue",
  Effect.gen(function* () {
    const { url, control, handled } = yield* setup
    control.failNext({ action: { _tag: "hold" }, times: Infinity, match: "GET /thing" })
    const waiting = yield* Effect.forkScoped(get(`${url}/thing`))
    yield* eventually("it is held", Effect.sync(control.held), ({ length }) => length === 1)
    assert.strictEqual((yield* get(`${url}/other`)).status, 200)
    assert.lengthOf(handled, 1)
    assert.lengthOf(JSON.parse((yield* get(`${url}/_control/held`)).text), 1)
    control.failNext({ action: { _tag: "status", status: 503 } })
    assert.strictEqual((yield* send("DELETE", `${url}/_control/held`)).status, 204)
    assert.strictEqual((yield* Fiber.join(waiting)).status, 503)
    assert.strictEqual((yield* get(`${url}/thing`)).status, 200)
    assert.deepStrictEqual(control.held(), [])
  })
)

for (const [tag, handledBefore] of [
  ["hang", 0],
  ["reset", 0],
  ["hangAfter", 1],
  ["resetAfter", 1],
  ["truncate", 1]
] as const) {
  live(
    `${tag} leaves the client without an answer, ${handledBefore === 1 ? "though the request was handled" : "and nothing handled"}`,
    Effect.gen(function* () {
      const { first, handled, calls } = yield* withFault({ _tag: tag })
      assert.isTrue(Result.isFailure(first))
      assert.strictEqual(handled, handledBefore)
      assert.deepStrictEqual(
        calls.map(({ status }) => status),
        [null, 200]
      )
    })
  )
}

live(
  "statusAfter handles the request and answers something else",
  Effect.gen(function* () {
    const { first, handled } = yield* withFault({
      _tag: "statusAfter",
      status: 502,
      body: "<html>bad gateway</html>"
    })
    assert.isTrue(Result.isSuccess(first) && first.success.status === 502)
    assert.isTrue(Result.isSuccess(first) && first.success.text.startsWith("<html>"))
    assert.strictEqual(handled, 1)
  })
)

live(
  "malformed answers 200 with a body that is no JSON",
  Effect.gen(function* () {
    const { first } = yield* withFault({ _tag: "malformed" })
    assert.isTrue(Result.isSuccess(first) && first.success.status === 200)
    assert.throws(() => JSON.parse(Result.isSuccess(first) ? first.success.text : "{}"))
  })
)

live(
  "a fault waits for the call that it names, by line or by operation",
  Effect.gen(function* () {
    const { url, control } = yield* setup
    control.failNext({ match: "createThing", times: 2, action: { _tag: "status", status: 500 } })
    control.failNext({ match: "GET /thing", action: { _tag: "status", status: 429 } })
    assert.strictEqual((yield* get(`${url}/other`)).status, 200)
    assert.strictEqual((yield* get(`${url}/op`)).status, 500)
    assert.strictEqual((yield* get(`${url}/thing`)).status, 429)
    assert.strictEqual((yield* get(`${url}/op`)).status, 500)
    assert.strictEqual((yield* get(`${url}/op`)).status, 200)
  })
)

live(
  "latency slows every call",
  Effect.gen(function* () {
    const { url, control } = yield* setup
    control.setLatency(60)
    const [duration] = yield* Effect.timed(get(`${url}/thing`))
    assert.isAtLeast(Duration.toMillis(duration), 59)
  })
)

live(
  "a handler that dies answers 500 and is a violation",
  Effect.gen(function* () {
    const { url, control } = yield* setup
    assert.strictEqual((yield* get(`${url}/die`)).status, 500)
    assert.match(control.violations()[0] ?? "", /test died.*broken/)
  })
)

live(
  "a body over 2 MiB is refused",
  Effect.gen(function* () {
    const { url, handled } = yield* setup
    assert.strictEqual((yield* send("POST", `${url}/op`, "x".repeat(2 * 1024 * 1024))).status, 413)
    assert.deepStrictEqual(handled, [])
  })
)

live(
  "a second process steers it under /_control",
  Effect.gen(function* () {
    const { url, control } = yield* setup
    const fault = { match: "GET /thing", times: null, action: { _tag: "status", status: 500 } }
    assert.strictEqual((yield* send("POST", `${url}/_control/faults`, fault)).status, 204)
    assert.strictEqual((yield* get(`${url}/thing`)).status, 500)
    assert.strictEqual((yield* get(`${url}/thing`)).status, 500)
    assert.strictEqual((yield* send("DELETE", `${url}/_control/faults`)).status, 204)
    assert.strictEqual((yield* get(`${url}/thing`)).status, 200)
    control.violate("wrong")
    assert.strictEqual((yield* get(`${url}/_control/violations`)).text, '["wrong"]')
    assert.lengthOf(JSON.parse((yield* get(`${url}/_control/calls`)).text), 3)
    assert.strictEqual(
      (yield* send("POST", `${url}/_control/faults`, { action: { _tag: "nonsense" } })).status,
      400
    )
    assert.strictEqual((yield* get(`${url}/_control/nothing`)).status, 404)
  })
)

live(
  "a taken port is said at once",
  Effect.gen(function* () {
    const { url } = yield* setup
    const exit = yield* Effect.exit(
      serve({
        name: "second",
        port: Number(new URL(url).port),
        handler: () => Effect.succeed({ status: 200 })
      })
    )
    assert.strictEqual(exit._tag, "Failure")
  })
)

live(
  "a client that goes away interrupts its request",
  Effect.gen(function* () {
    const interrupted = yield* Deferred.make<void>()
    const { url } = yield* serve({
      name: "test",
      handler: () => Effect.onInterrupt(Effect.never, () => Deferred.succeed(interrupted, undefined))
    })
    yield* Effect.exit(Effect.timeout(get(url), "50 millis"))
    yield* Deferred.await(interrupted)
  })
)

live(
  "endless answers for as long as the client reads",
  Effect.gen(function* () {
    const { url, control } = yield* setup
    control.failNext({ action: { _tag: "endless" } })
    const { headers, stream } = yield* HttpClient.get(`${url}/thing`)
    assert.strictEqual(headers["content-type"], "application/json; charset=utf-8")
    const read = yield* Stream.runFold(
      Stream.take(stream, 100),
      () => 0,
      (size, chunk) => size + chunk.length
    )
    assert.isAbove(read, 1_000_000)
    assert.strictEqual((yield* get(`${url}/thing`)).status, 200)
  })
)

live(
  "inflated answers little that is large when it is unpacked",
  Effect.gen(function* () {
    const { url, control } = yield* setup
    control.failNext({ action: { _tag: "inflated", mebibytes: 2 } })
    const { headers, text } = yield* get(`${url}/thing`)
    assert.isBelow(Number(headers["content-length"]), 100_000)
    assert.strictEqual(text.length, 2 * 1024 * 1024 + '{"data":""}'.length)
  })
)
