import { assert } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as References from "effect/References"
import * as App from "../../src/App.ts"
import { ShardsPerGroup } from "../../src/platform/Cluster.ts"
import { RunnerProgram } from "../../src/dispatching/templates/Templates.ts"
import type { MappingInput } from "../../src/domain/Mapping.ts"
import { PassSpacing } from "../../src/dispatching/poller/Poller.ts"
import { CallTimeout, LaunchTimeout } from "../../src/upstreams/client/call.ts"
import { CreateSpacing } from "../../src/upstreams/fly/queue.ts"
import { GitHubLimits } from "../../src/upstreams/github/limiter.ts"
import { config } from "./config.ts"
import { makeAgent } from "./engine/agent.ts"
import { makeDispatches } from "./engine/dispatches.ts"
import { makeIssues } from "./engine/issues.ts"
import { makePasses } from "./engine/passes.ts"
import { type PolicyOptions, quickPolicies } from "./engine/policy.ts"
import { TestDb } from "./TestDb.ts"
import { makeWorld, type WorldOptions } from "./world.ts"

export { planParts } from "./engine/agent.ts"
export { operator, repository } from "./engine/passes.ts"

/** What repositories get instead of the bundled program. */
export const runnerProgram = { version: "1.2.3", content: "console.log('runner')\n" }

export interface EngineOptions extends WorldOptions {
  readonly runner?: typeof RunnerProgram.Service
  readonly env?: Record<string, string>
  readonly policy?: PolicyOptions
  readonly passSpacing?: Duration.Duration
  /** Of any one call upstream. */
  readonly timeoutMillis?: number
  /** Of a call that starts a run, where it differs. */
  readonly launchMillis?: number
  readonly mapping?: Omit<MappingInput, "teamKey"> | null
}

/** The service without HTTP, on a database and upstreams of its own, which must have nothing to complain of. */
export const start = Effect.fn("engine.start")(function* (options: EngineOptions = {}) {
  const { fly, github, linear, env } = yield* makeWorld(options)
  const timeout = Duration.millis(options.timeoutMillis ?? 3000)
  const layer = App.service.pipe(
    Layer.provide(
      Layer.mergeAll(
        quickPolicies(options.policy),
        Layer.succeed(RunnerProgram, options.runner ?? Effect.succeed(runnerProgram)),
        Layer.succeed(CallTimeout, timeout),
        Layer.succeed(LaunchTimeout, Duration.millis(options.launchMillis ?? Duration.toMillis(timeout))),
        Layer.succeed(GitHubLimits, null),
        Layer.succeed(CreateSpacing, null),
        Layer.succeed(ShardsPerGroup, 2),
        Layer.succeed(PassSpacing, options.passSpacing ?? Duration.zero)
      )
    ),
    Layer.provideMerge(TestDb),
    Layer.provideMerge(config({ ...env, POLL_INTERVAL_MS: "86400000", ...options.env })),
    Layer.provide(Layer.succeed(References.MinimumLogLevel, "None"))
  )
  const services = yield* Layer.build(layer)
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      const violations = [linear, github.control, fly.control].flatMap((control) => control.violations())
      assert.deepStrictEqual(violations, [])
    })
  )
  const passes = makePasses(services)
  if (options.mapping !== null) yield* passes.map(options.mapping)
  return {
    fly,
    github,
    linear,
    services,
    ...passes,
    ...makeIssues(linear),
    ...makeDispatches(services, passes.pass),
    ...makeAgent(services, { fly, github })
  }
})
