import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type { Run } from "../../src/domain/Dispatch.ts"
import { type LaunchRequest, type Place, RunBackends } from "../../src/upstreams/RunBackends.ts"
import type { UpstreamError } from "../../src/upstreams/UpstreamError.ts"

/** What happens at the backend, outside our service. */
export class Backend extends Context.Service<
  Backend,
  {
    /** One that the backend accepts. */
    readonly request: LaunchRequest
    readonly start: (run: Run) => Effect.Effect<void>
    readonly finish: (run: Run, conclusion: "success" | "failure" | "never_started") => Effect.Effect<void>
    /** A run that another orchestrator started. */
    readonly foreign: Effect.Effect<void>
    readonly place: Place
    /** Requests that ask for what the backend does not have. */
    readonly absent: ReadonlyArray<LaunchRequest>
    /** Whether a dispatch may have more than one run. */
    readonly repeats: boolean
    /** How many of our runs were ever started. */
    readonly started: () => number
    readonly violations: () => ReadonlyArray<string>
  }
>()("test/Backend") {}

const start = Effect.gen(function* () {
  const runBackends = yield* RunBackends
  const backend = yield* Backend
  const { place, request } = backend
  const { dispatchId } = request
  const since = DateTime.subtract(yield* DateTime.now, { minutes: 1 })
  const launched = Effect.filterOrElse(
    runBackends.launch(request),
    (run) => run !== null,
    () => Effect.die("The backend did not say which run it started.")
  )
  const observe = (known: ReadonlyArray<Run> = []) => runBackends.list({ place, since, runs: known })
  const find = runBackends.find({ place, dispatchId, since })
  return { runBackends, backend, request, place, since, launched, observe, find }
})

const tagOf = <A, R>(call: Effect.Effect<A, UpstreamError, R>) =>
  Effect.map(Effect.result(call), (result) =>
    Result.isFailure(result) ? result.failure.reason._tag : "success"
  )

/** What every execution backend must do; run against each implementation and its double. */
export const runsContract = (name: string, layer: () => Layer.Layer<RunBackends | Backend, unknown>) => {
  const check = (sentence: string, test: Effect.Effect<void, unknown, RunBackends | Backend>) =>
    it.live(sentence, () =>
      Effect.andThen(
        test,
        Effect.map(Backend, ({ violations }) => assert.deepStrictEqual(violations(), []))
      ).pipe(Effect.provide(layer()))
    )

  describe(`${name} as an execution backend`, () => {
    check(
      "a launched run is found by its dispatch and observed until it ends",
      Effect.gen(function* () {
        const { backend, request, launched, find, observe } = yield* start
        const run = yield* launched
        const [found, ...others] = yield* find
        assert.deepStrictEqual(others, [])
        assert.deepStrictEqual(found?.run, run)
        assert.deepInclude(found, {
          dispatchId: request.dispatchId,
          state: "queued",
          conclusion: null,
          startedAt: null
        })
        yield* backend.start(run)
        const [running] = yield* observe()
        assert.deepInclude(running, {
          run,
          dispatchId: request.dispatchId,
          state: "running",
          conclusion: null
        })
        assert.isNotNull(running?.startedAt)
        yield* backend.finish(run, "success")
        const [ended] = yield* observe()
        assert.deepInclude(ended, { run, state: "completed", conclusion: "success" })
      })
    )

    check(
      "a failed run differs from one that succeeded",
      Effect.gen(function* () {
        const { backend, launched, observe } = yield* start
        const run = yield* launched
        yield* backend.finish(run, "failure")
        const [ended] = yield* observe()
        assert.deepInclude(ended, { state: "completed", conclusion: "failure" })
      })
    )

    check(
      "a run that could not be started differs from one that failed",
      Effect.gen(function* () {
        const { backend, launched, observe } = yield* start
        const run = yield* launched
        yield* backend.finish(run, "never_started")
        const [ended] = yield* observe()
        assert.deepInclude(ended, { state: "completed", conclusion: "never_started" })
        assert.isNotNull(ended?.detail)
      })
    )

    check(
      "a run of another orchestrator is never treated as ours",
      Effect.gen(function* () {
        const { backend, launched, find, observe } = yield* start
        yield* backend.foreign
        const run = yield* launched
        yield* backend.foreign
        assert.deepStrictEqual(
          (yield* find).map((found) => found.run),
          [run]
        )
        const carrying = (yield* observe([run])).filter(({ dispatchId }) => dispatchId !== null)
        assert.deepStrictEqual(
          carrying.map((seen) => seen.run),
          [run]
        )
      })
    )

    check(
      "a launch that may not proceed sends nothing and says so",
      Effect.gen(function* () {
        const { runBackends, backend, request, find } = yield* start
        const held = yield* Effect.result(runBackends.launch({ ...request, proceed: Effect.succeed(false) }))
        assert.isTrue(Result.isFailure(held))
        if (Result.isFailure(held)) {
          assert.deepStrictEqual(held.failure.reason, { _tag: "Unavailable", delivery: "not_sent" })
        }
        assert.deepStrictEqual([backend.started(), yield* find], [0, []])
      })
    )

    check(
      "a second launch of a dispatch is a second run and the younger, or none at all",
      Effect.gen(function* () {
        const { runBackends, backend, request, launched, find } = yield* start
        const first = yield* launched
        const second = yield* runBackends.launch(request)
        assert.strictEqual(second !== null, backend.repeats)
        assert.deepStrictEqual(
          (yield* find).map(({ run }) => run),
          second === null ? [first] : [first, second]
        )
        assert.strictEqual(backend.started(), backend.repeats ? 2 : 1)
      })
    )

    check(
      "a stopped run ends, and stopping it again is fine",
      Effect.gen(function* () {
        const { runBackends, place, launched, observe } = yield* start
        const run = yield* launched
        yield* runBackends.stop({ place, run, force: true })
        yield* Effect.repeat(observe([run]), { until: ([seen]) => seen?.state === "completed" })
        const [seen] = yield* observe([run])
        assert.strictEqual(seen?.conclusion, "cancelled")
        yield* runBackends.stop({ place, run, force: false })
        yield* runBackends.stop({ place, run, force: true })
      })
    )

    check(
      "what does not exist is NotFound",
      Effect.gen(function* () {
        const { runBackends, backend } = yield* start
        for (const request of backend.absent) {
          assert.strictEqual(yield* tagOf(runBackends.launch(request)), "NotFound")
        }
        assert.strictEqual(backend.started(), 0)
      })
    )

    check(
      "a probe succeeds while it answers",
      Effect.gen(function* () {
        const { place, runBackends } = yield* start
        yield* runBackends.probe(place)
      })
    )
  })
}
