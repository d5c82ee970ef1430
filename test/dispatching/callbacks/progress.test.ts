import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import { TimelineRepo } from "../../../src/dispatching/dispatches/TimelineRepo.ts"
import type { Dispatch } from "../../../src/domain/Dispatch.ts"
import { repository } from "../../support/engine.ts"
import { begin } from "../../support/runnerCalls.ts"

describe("progress", () => {
  it.live("records each step once and keeps the last 200 lines", () =>
    Effect.gen(function* () {
      const { claimed, dispatches, runner, sql, token } = yield* begin()
      const dispatch = yield* claimed
      const sendProgress = (progress: { readonly step?: string; readonly lines?: ReadonlyArray<string> }) =>
        Effect.flatMap(token(dispatch), (token) =>
          runner.progress(token, { dispatchId: dispatch.id, ...progress })
        )
      for (const step of ["clone", "agent", "agent", "verify", "agent"]) yield* sendProgress({ step })
      const steps = (yield* Effect.orDie(dispatches.events(dispatch.id))).filter(
        ({ type }) => type === "step"
      )
      assert.deepStrictEqual(
        steps.map(({ message }) => message),
        ["clone", "agent", "verify", "agent"]
      )
      const numbered = (from: number, count: number) =>
        Array.from({ length: count }, (_, index) => `line ${from + index}`)
      yield* sendProgress({ lines: numbered(0, 150) })
      yield* sendProgress({ lines: numbered(150, 120) })
      const stored = yield* sql`select text from dispatch_logs where dispatch_id = ${dispatch.id} order by id`
      assert.deepStrictEqual(
        stored.map((line) => line["text"]),
        numbered(70, 200)
      )
    })
  )

  it.live("is limited for its own dispatch, and the report is taken when the time is over", () =>
    Effect.gen(function* () {
      const { claimed, report, runner, sql, token } = yield* begin()
      const [flooding, other] = [yield* claimed, yield* claimed]
      const large = (dispatch: Dispatch) =>
        Effect.flatMap(token(dispatch), (token) =>
          runner.progress(token, {
            dispatchId: dispatch.id,
            lines: Array.from({ length: 200 }, () => "x".repeat(1000))
          })
        )
      const answers = yield* Effect.forEach(
        Array.from({ length: 12 }),
        () => Effect.result(large(flooding)),
        {
          concurrency: 4
        }
      )
      const refused = answers.filter(Result.isFailure).map(({ failure }) => failure._tag)
      assert.isAtLeast(refused.length, 8)
      assert.deepStrictEqual([...new Set(refused)], ["TooManyCalls"])
      yield* large(other)
      yield* report(flooding, { outcome: "failed" }).pipe(
        Effect.retry({
          schedule: Schedule.spaced("100 millis"),
          while: ({ _tag }) => _tag === "TooManyCalls"
        })
      )
      assert.deepStrictEqual(
        yield* sql`select outcome->>'kind' as kind from dispatches where id = ${flooding.id}`,
        [{ kind: "failed" }]
      )
    })
  )

  it.live("that waits for answers is limited to five at once, and each that ends makes room", () =>
    Effect.gen(function* () {
      const { claimed, runner, token } = yield* begin({
        mapping: { ...repository, sessionMode: "hybrid" }
      })
      const dispatch = yield* claimed
      const { id } = yield* Effect.flatMap(token(dispatch), (token) =>
        runner.ask(token, { dispatchId: dispatch.id, text: "Which logo?" })
      )
      const [last, ...own] = yield* Effect.forEach(Array.from({ length: 7 }), () => token(dispatch))
      const cut = yield* Deferred.make<void>()
      const refused = yield* Deferred.make<string>()
      const poll = (token: string | null = null, seconds = 60) =>
        runner.question(token, id, seconds, Deferred.await(cut))
      const held = yield* Effect.forEach(own, (token) =>
        poll(token).pipe(
          Effect.tapError(({ message }) => Deferred.succeed(refused, message)),
          Effect.result,
          Effect.forkChild
        )
      )
      assert.include(yield* Deferred.await(refused), "5 questions at the same time")
      yield* Deferred.succeed(cut, undefined)
      const results = yield* Effect.forEach(held, Fiber.join)
      assert.lengthOf(results.filter(Result.isSuccess), 5)
      assert.strictEqual((yield* poll(last, 0)).state, "open")
    })
  )

  it.live("records a limited number of steps", () =>
    Effect.gen(function* () {
      const { claimed, events, services } = yield* begin()
      const dispatch = yield* claimed
      const timeline = Context.get(services, TimelineRepo)
      for (let nth = 0; nth < 105; nth++) yield* timeline.addStep(dispatch.id, `step ${nth}`)
      assert.lengthOf(
        (yield* events(dispatch.id)).filter((type) => type === "step"),
        100
      )
    })
  )
})
