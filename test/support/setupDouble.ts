import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Upstream } from "../../src/domain/Reason.ts"
import { Setup } from "../../src/operations/Setup.ts"
import { SetupCommands, SetupConflict, SetupNotFound } from "../../src/operations/Setup/SetupCommands.ts"
import { stepsOf } from "../../src/operations/Setup/steps.ts"
import type { Setup as SetupShape } from "../../src/domain/Setup.ts"
import { setupFacts } from "./setupFacts.ts"
import { UpstreamError } from "../../src/upstreams/UpstreamError.ts"
import { dispatch } from "./apiSamples.ts"

export const rejected = (upstream: Upstream) =>
  new UpstreamError({
    upstream,
    operation: "any",
    reason: { _tag: "Rejected", undeclaredInputs: [] },
    message: "It does not allow that."
  })
export const githubDown = new UpstreamError({
  upstream: "github",
  operation: "inspect",
  reason: { _tag: "Unavailable", delivery: "not_sent" },
  message: "GitHub does not answer."
})
export const upstreamDown = new UpstreamError({
  upstream: "linear",
  operation: "issue",
  reason: { _tag: "Unavailable", delivery: "not_sent" },
  message: "Linear does not answer."
})

const testIssue = {
  id: "2f0c7c5e-8a4b-4d5e-9a52-5f0f2a1a0001",
  identifier: "ENG-7",
  url: "https://linear.test/ENG-7",
  teamKey: "ENG"
}

const setupSample: SetupShape = {
  steps: stepsOf(setupFacts),
  publicUrl: null,
  pollingOnly: false,
  pickupLabel: "AI-Implement",
  teams: [],
  repositories: [],
  mappings: [],
  webhook: false,
  testIssue,
  testDispatch: dispatch(1).id
}

const ofTeam = <A>(teamKey: string, value: A) =>
  teamKey === "ENG"
    ? Effect.succeed(value)
    : teamKey === "WEB"
      ? Effect.fail(upstreamDown)
      : teamKey === "CI"
        ? Effect.fail(rejected("linear"))
        : Effect.fail(new SetupNotFound({ message: "No such team." }))

/** The set-up, which answers by the team or the code it is given, and else one answer after the other. */
export const setupDouble = (ask: (line: string) => Effect.Effect<void>) => {
  const hooks: Array<ReturnType<SetupCommands["Service"]["createWebhook"]>> = [
    Effect.succeed({ lines: [{ name: "LINEAR_WEBHOOK_SECRET", value: "s" }], next: null }),
    Effect.fail(new SetupConflict({ message: "There is one." })),
    Effect.fail(rejected("linear")),
    Effect.fail(upstreamDown)
  ]
  const removals: Array<ReturnType<SetupCommands["Service"]["removeTestIssue"]>> = [
    Effect.void,
    Effect.fail(new SetupNotFound({ message: "There is none." })),
    Effect.fail(rejected("linear")),
    Effect.fail(upstreamDown)
  ]
  return Context.make(Setup, Setup.of({ get: Effect.succeed(setupSample) })).pipe(
    Context.add(
      SetupCommands,
      SetupCommands.of({
        setPollingOnly: (chosen) => ask(`polling only ${chosen}`),
        prepareApp: () => Effect.succeed({ action: "https://github.test/settings/apps/new", manifest: "{}" }),
        receiveApp: ({ code }) =>
          code === "422"
            ? Effect.fail(rejected("github"))
            : code === "503"
              ? Effect.fail(githubDown)
              : code === "409"
                ? Effect.fail(new SetupConflict({ message: "It works once." }))
                : Effect.succeed({ lines: [{ name: "GITHUB_APP_ID", value: "1" }], next: null }),
        createWebhook: () => Effect.suspend(() => hooks.shift() ?? Effect.succeed({ lines: [], next: null })),
        createLabel: (teamKey) => ofTeam(teamKey, true),
        createTestIssue: (teamKey) =>
          teamKey === "OPS"
            ? Effect.fail(new SetupConflict({ message: "There is one." }))
            : ofTeam(teamKey, testIssue),
        removeTestIssue: () => Effect.suspend(() => removals.shift() ?? Effect.void),
        testIssue: Effect.succeed(null),
        pollingOnly: Effect.succeed(false)
      })
    )
  )
}
