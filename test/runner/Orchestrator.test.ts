import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Queue from "effect/Queue"
import * as Latch from "effect/Latch"
import { DispatchId } from "../../src/domain/Ids.ts"
import { runnerLimits } from "../../src/domain/RunnerLimits.ts"
import { overHttp } from "../../src/runner/Orchestrator.ts"

const expiresAt = "2026-01-02T03:04:05.000Z"
const dispatchId = DispatchId.make("01890000-0000-7000-8000-000000000001")
const idOf = (asked: number) => `01890000-0000-7000-8000-00000000010${asked}`

describe("the questions of a run", () => {
  it.live("hold one poll fewer open than the service takes, and each is answered in its turn", () =>
    Effect.gen(function* () {
      const began = yield* Queue.unbounded<string>()
      const answered = yield* Latch.make(false)
      let asked = 0
      let open = 0
      let most = 0
      const http = HttpClient.make((request, url) => {
        const reply = (status: number, body: object) =>
          HttpClientResponse.fromWeb(request, Response.json(body, { status }))
        if (request.method === "POST") return Effect.sync(() => reply(201, { id: idOf(++asked), expiresAt }))
        return Effect.gen(function* () {
          most = Math.max(most, ++open)
          yield* Queue.offer(began, url.pathname)
          yield* answered.await
          open--
          return reply(200, { state: "answered", answer: url.pathname, expiresAt })
        })
      })
      const { ask } = yield* overHttp({
        url: "https://orchestrator.test",
        dispatchId,
        token: Effect.succeed("token")
      }).pipe(Effect.provideService(HttpClient.HttpClient, http))
      const waiting = yield* Effect.forEach([1, 2, 3, 4, 5, 6], (n) =>
        Effect.forkChild(ask(`Question ${n}?`, []))
      )
      for (let n = 1; n < runnerLimits.maxLongPolls; n++) yield* Queue.take(began)
      yield* Effect.repeat(Effect.yieldNow, { times: 50 })
      assert.strictEqual(most, 4)
      yield* answered.open
      const answers = yield* Effect.forEach(waiting, Fiber.join)
      assert.deepStrictEqual(
        answers.toSorted(),
        [1, 2, 3, 4, 5, 6].map((n) => `/runner/questions/${idOf(n)}`)
      )
      assert.strictEqual(most, 4)
    })
  )
})
