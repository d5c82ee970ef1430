import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpServer from "effect/http/HttpServer"
import * as Stream from "effect/Stream"
import { ApiFailure, failureOf, makeClient, makePromiseClient } from "../../src/api/client.ts"
import { closedPort } from "../support/closedPort.ts"
import { dispatch } from "../support/apiSamples.ts"
import { accessCode, server } from "../support/httpServer.ts"
import { TeamKey } from "../../src/domain/Ids.ts"

const url = Effect.map(HttpServer.HttpServer, ({ address }) =>
  "port" in address ? `http://127.0.0.1:${address.port}` : ""
)

const rejected = Effect.fnUntraced(function* (promise: () => Promise<unknown>) {
  const error = yield* Effect.promise(() =>
    promise().then(
      () => null,
      (error: unknown) => error
    )
  )
  assert.instanceOf(error, ApiFailure)
  return error
})

describe("the client", () => {
  it.live("returns effects: typed answers, typed errors, and streams", () =>
    Effect.gen(function* () {
      let token: string | null = null
      const client = yield* makeClient({ url: yield* url, token: () => token })
      const refused = yield* Effect.flip(client.dispatches.log({ query: {} }))
      assert.strictEqual(refused._tag, "Unauthorized")
      token = (yield* client.auth.signIn({ payload: { code: accessCode, name: "Ada" } })).token
      const [first] = yield* client.dispatches.log({ query: { limit: 1 } })
      assert.deepStrictEqual(first, dispatch(600))
      const stream = yield* client.events.stream({ headers: {} })
      yield* client.operations.pause({ payload: { paused: true } })
      const received = yield* stream.pipe(
        Stream.filter(({ event }) => event === "change"),
        Stream.take(1),
        Stream.runCollect
      )
      assert.deepInclude(received[0]?.data, { type: "pause" })
    }).pipe(Effect.provide([server(), FetchHttpClient.layer]))
  )

  it.live("returns promises: answers as JSON, and streams that can be iterated and aborted", () =>
    Effect.gen(function* () {
      const base = yield* url
      const { token } = yield* Effect.promise(() =>
        makePromiseClient({ url: base }).auth.signIn({ payload: { code: accessCode } })
      )
      const client = makePromiseClient({ url: base, token })
      const answer = yield* Effect.promise(() => client.dispatches.get({ params: { id: dispatch(1).id } }))
      assert.strictEqual(answer.reservedAt, "2026-01-02T03:04:05.000Z")
      const mappings = yield* Effect.promise(() => client.mappings.list())
      assert.isArray(mappings)
      const first = yield* Effect.promise(async () => {
        for await (const received of await client.events.stream({ headers: {} })) return received
        return null
      })
      assert.strictEqual(first?.event, "hello")
      const aborted = yield* Effect.exit(
        Effect.tryPromise(() => client.mappings.list(undefined, { signal: AbortSignal.abort() }))
      )
      assert.strictEqual(aborted._tag, "Failure")
    }).pipe(Effect.provide(server()))
  )

  it.live("rejects with what the operator can act on, and no token in it", () =>
    Effect.gen(function* () {
      const base = yield* url
      const { token } = yield* Effect.promise(() =>
        makePromiseClient({ url: base }).auth.signIn({ payload: { code: accessCode } })
      )
      const client = makePromiseClient({ url: base, token })
      const wrong = yield* rejected(() =>
        client.mappings.save({ payload: { teamKey: TeamKey.make("WEB"), provider: "bedrock" } })
      )
      assert.strictEqual(wrong.reason, "Invalid")
      assert.includeMembers(
        wrong.issues.map(({ path }) => path),
        ["owner", "repo", "awsRegion"]
      )
      const missing = yield* rejected(() => client.dispatches.get({ params: { id: dispatch(9).id } }))
      assert.deepInclude(missing, { reason: "NotFound", message: "No such dispatch." })
      const big = yield* rejected(() =>
        client.operations.pause({ payload: { paused: true, reason: "x".repeat(501) } })
      )
      assert.deepInclude(big, {
        reason: "Invalid",
        issues: [{ path: "reason", message: "must be at most 500 characters" }]
      })
      const unreachableClient = makePromiseClient({ url: yield* closedPort, token })
      const unreachable = yield* rejected(() => unreachableClient.mappings.list())
      assert.strictEqual(unreachable.reason, "Unreachable")
      const elsewhere = makePromiseClient({ url: `${base}/health`, token })
      const foreign = yield* rejected(() => elsewhere.mappings.list())
      assert.strictEqual(foreign.reason, "NotFound")
      for (const failure of [wrong, missing, big, unreachable, foreign]) {
        assert.notInclude(JSON.stringify([failure, failure.stack]), token)
      }
    }).pipe(Effect.provide(server()))
  )

  it.effect("makes one failure of what no client foresees", () =>
    Effect.map(failureOf(new TypeError("odd")), ({ reason }) => assert.strictEqual(reason, "Unexpected"))
  )
})
