import { assert, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { type CreateRequest, Fly } from "../../src/upstreams/fly/Fly.ts"
import { CreateSpacing } from "../../src/upstreams/fly/queue.ts"
import { Fly as Sandbox, type Options } from "../../src/sandbox/Fly.ts"
import { type CallTimes, callTimes } from "./callTimes.ts"
import { config } from "./config.ts"
import { askedOf, failing } from "./upstreamFailure.ts"
import { UpstreamCalls, upstreamsDouble } from "./upstreamsDouble.ts"

export const app = "sessions"
const token = "FlyV1 fm2_local"
export const secretValue = "very-secret-value"

export const dispatch = { dispatch_id: "01936f3e-1111-7222-8333-944445555666" }

export const request: CreateRequest = {
  app,
  name: "ai-01936f3e",
  region: "ams",
  image: "images.test/sessions:1",
  cpus: 2,
  memoryMb: 1024,
  autoDestroy: false,
  env: { AI_IMPLEMENT_TOKEN: secretValue },
  metadata: dispatch,
  secrets: [],
  minSecretsVersion: null,
  proceed: Effect.succeed(true)
}

export const values = (names: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(names).map(([name, value]) => [name, Redacted.make(value)]))

export interface Given extends CallTimes {
  readonly env?: Record<string, string>
  readonly options?: Partial<Options>
  /** Puts something between the client and the local Fly; gives its address. */
  readonly between?: (url: string) => Effect.Effect<string, never, Scope.Scope>
  readonly spacing?: Duration.Duration | null
}

/** The real client on a local Fly of its own, whose machines wait for the controls. */
export const layer = ({
  between = Effect.succeed,
  env = {},
  options = {},
  spacing = null,
  ...times
}: Given = {}) =>
  Layer.unwrap(
    Effect.map(Sandbox.pipe(Effect.flatMap(({ apiUrl }) => between(apiUrl))), (apiUrl) =>
      Fly.layer.pipe(
        Layer.provide(config({ FLY_SESSIONS_TOKEN: token, FLY_API_URL: apiUrl, ...env })),
        Layer.provide(callTimes(times)),
        Layer.provide(Layer.succeed(CreateSpacing, spacing))
      )
    )
  ).pipe(
    Layer.provideMerge(
      Layer.merge(
        Sandbox.layer({
          tokens: [{ token }],
          apps: [app],
          start: "manual",
          rateLimits: false,
          ...options
        }),
        upstreamsDouble
      )
    )
  )

/** A test on a fresh Fly that breaks nothing of its contract. */
export const live = <E>(
  name: string,
  test: Effect.Effect<void, E, Fly | Sandbox | UpstreamCalls>,
  given?: Given
) =>
  it.live(name, () =>
    Effect.andThen(
      test,
      Effect.map(Sandbox, ({ control }) => {
        assert.deepStrictEqual(control.violations(), [])
      })
    ).pipe(Effect.provide(layer(given)))
  )

export const { failureOf, reasonOf } = failing("fly", /fm2|Bearer|\?|\{|undefined|very-secret/)

/** The operations asked for since the last look, in order. */
export const asked = Effect.map(Sandbox, ({ control }) => askedOf(control))
