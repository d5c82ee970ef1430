import { assert, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { Tracker } from "../../src/upstreams/Tracker.ts"
import * as Linear from "../../src/upstreams/linear/Linear.ts"
import * as Sandbox from "../../src/sandbox/Linear.ts"
import { uuidOf } from "../../src/sandbox/linear/uuid.ts"
import { CallTimeout, RetryDelay } from "../../src/upstreams/client/call.ts"
import type { UpstreamError, UpstreamReason } from "../../src/upstreams/UpstreamError.ts"
import { config } from "./config.ts"
import { UpstreamCalls, upstreamsDouble } from "./upstreamsDouble.ts"

export const pickup = "AI-Implement"
const apiKey = "lin_api_test"
export const automation = uuidOf("User/automation")
export const person = uuidOf("User/person")

const seed: Sandbox.Seed = {
  organization: { name: "Test", urlKey: "test" },
  users: [
    { id: automation, name: "Automation", email: "automation@example.test" },
    { id: person, name: "Person", email: "person@example.test" }
  ],
  teams: [
    { key: "ENG", name: "Engineering" },
    { key: "OPS", name: "Operations", labels: ["ai-working"] }
  ],
  labels: [pickup],
  issues: []
}

export class LocalLinear extends Context.Service<LocalLinear, Sandbox.LocalLinear>()("test/LocalLinear") {}

const local = Layer.effect(
  LocalLinear,
  Sandbox.make({ apiKeys: [{ key: apiKey, userId: automation }], seed })
)

export interface Given {
  readonly env?: Record<string, string>
  readonly timeout?: Duration.Input
  /** Puts something between the client and the local Linear; gives its address. */
  readonly between?: (url: string) => Effect.Effect<string, never, Scope.Scope>
}

/** The real implementation on a local Linear of its own. */
export const layer = ({ between = Effect.succeed, env = {}, timeout = "5 seconds" }: Given = {}) =>
  Layer.unwrap(
    Effect.map(LocalLinear.pipe(Effect.flatMap(({ url }) => between(url))), (url) =>
      Linear.layer.pipe(
        Layer.provide(config({ LINEAR_API_KEY: apiKey, LINEAR_API_URL: url, ...env })),
        Layer.provide(Layer.succeed(RetryDelay, Duration.millis(20))),
        Layer.provide(Layer.succeed(CallTimeout, Duration.fromInputUnsafe(timeout)))
      )
    )
  ).pipe(Layer.provideMerge(Layer.merge(local, upstreamsDouble)))

/** A test on a fresh workspace that breaks nothing of Linear's contract. */
export const live = <E>(
  name: string,
  test: Effect.Effect<void, E, Tracker | LocalLinear | UpstreamCalls>,
  given?: Given
) =>
  it.live(name, () =>
    Effect.andThen(
      test,
      Effect.map(LocalLinear, ({ control }) => {
        assert.deepStrictEqual(control.violations(), [])
      })
    ).pipe(Effect.provide(layer(given)))
  )

/** The reason of a call that must fail; its message leaks nothing. */
export const reasonOf = <A, R>(
  call: Effect.Effect<A, UpstreamError, R>
): Effect.Effect<UpstreamReason, never, R> =>
  Effect.map(Effect.result(call), (result) => {
    if (Result.isSuccess(result)) return assert.fail("It succeeded.")
    assert.notInclude(result.failure.message, apiKey)
    assert.notMatch(result.failure.message, /query|mutation|\{|undefined/)
    return result.failure.reason
  })
