import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import { EventLimits } from "../../src/messaging/Events.ts"
import { follow } from "./follow.ts"
import { client, send, server } from "../support/httpServer.ts"

const mapping = { teamKey: "ENG", owner: "acme", repo: "app" }

describe("the stream of events", () => {
  it.live("begins with hello and sends each change with its id, from which it can resume", () =>
    Effect.gen(function* () {
      const { call, headers } = yield* client
      const stream = yield* follow(headers)
      assert.strictEqual(stream.status, 200)
      assert.include(stream.headers["content-type"], "text/event-stream")
      assert.strictEqual(stream.headers["cache-control"], "no-store")
      const [hello] = yield* stream.first(1)
      assert.strictEqual(hello?.event, "hello")
      yield* call("POST", "/api/mappings", mapping)
      const [, created] = yield* stream.first(2)
      assert.deepInclude(created?.data, { type: "mapping", subject: "ENG", data: {} })
      assert.strictEqual(created?.id, String(created?.data["id"]))
      yield* call("PATCH", "/api/mappings/ENG", { paused: true })
      yield* call("POST", "/api/pause", { paused: true })
      const again = yield* follow({ ...headers, "last-event-id": String(created?.id) })
      const replayed = yield* again.first(3)
      assert.deepStrictEqual(
        replayed.map(({ event, data }) => [event, data["type"]]),
        [
          ["hello", undefined],
          ["change", "mapping"],
          ["change", "pause"]
        ]
      )
    }).pipe(Effect.provide(server()))
  )

  it.live("needs a token and a sensible id", () =>
    Effect.gen(function* () {
      const { headers } = yield* client
      assert.strictEqual((yield* send("/api/events")).status, 401)
      for (const id of ["x", "-1", "1.5", "1e400"]) {
        const answer = yield* send("/api/events", { headers: { ...headers, "last-event-id": id } })
        assert.strictEqual(answer.status, 400, id)
      }
    }).pipe(Effect.provide(server()))
  )

  it.live("ends when its token is revoked", () =>
    Effect.gen(function* () {
      const { call, headers } = yield* client
      const [stream, other] = [yield* follow(headers), yield* follow((yield* client).headers)]
      yield* stream.first(1)
      yield* call("DELETE", "/api/auth")
      yield* stream.ended
      yield* (yield* client).call("POST", "/api/mappings", mapping)
      yield* other.first(2)
    }).pipe(Effect.provide(server()))
  )

  it.live("ends at once, and cleanly, when the service stops", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const services = yield* Layer.build(server()).pipe(Scope.provide(scope))
      const stream = yield* Effect.flatMap(client, ({ headers }) => follow(headers)).pipe(
        Effect.provideContext(services)
      )
      yield* stream.first(1)
      yield* Scope.close(scope, Exit.void)
      yield* stream.ended
    })
  )

  it.live("is refused with 429 while a process has its maximum of streams", () =>
    Effect.gen(function* () {
      const { headers } = yield* client
      const one = yield* follow(headers)
      yield* one.first(1)
      const refused = yield* send("/api/events", { headers })
      assert.deepStrictEqual([refused.status, refused.headers["retry-after"]], [429, "30"])
      assert.include(refused.body, `"_tag":"TooManyStreams"`)
      one.response.destroy()
      const other = yield* Effect.repeat(follow(headers), { until: ({ status }) => status === 200 })
      yield* other.first(1)
    }).pipe(
      Effect.provide(
        server().pipe(Layer.provide(Layer.succeed(EventLimits, { maxBuffered: 1000, maxWatchers: 1 })))
      )
    )
  )

  it.live("never carries what a mapping holds for its runs", () =>
    Effect.gen(function* () {
      const { call, headers } = yield* client
      const stream = yield* follow(headers)
      yield* call("POST", "/api/mappings", { ...mapping, extraEnv: { NAME: "canary-value" } })
      yield* stream.first(2)
      const sql = yield* SqlClient.SqlClient
      const stored = yield* sql`select row_to_json(e)::text as text from events e`
      assert.isNotEmpty(stored)
      assert.notInclude(JSON.stringify(stored) + stream.text(), "canary")
    }).pipe(Effect.provide(server()))
  )
})
