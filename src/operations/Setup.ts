import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { Instance } from "../admin/Instance.ts"
import { Mappings } from "../admin/Mappings.ts"
import { Settings } from "../admin/Settings.ts"
import { Dispatches } from "../dispatching/dispatches/Dispatches.ts"
import { Issues } from "../dispatching/issues/Issues.ts"
import { Passes } from "../dispatching/poller/Passes.ts"
import { Readiness } from "../dispatching/readiness/Readiness.ts"
import { syncBranch } from "../dispatching/templates/syncPlan.ts"
import { Webhooks } from "../dispatching/webhooks/Webhooks.ts"
import { githubWeb } from "../domain/GitHubWeb.ts"
import type { Mapping } from "../domain/Mapping.ts"
import { effectiveExecutionMode } from "../domain/Modes.ts"
import type { Setup as Shape } from "../domain/Setup.ts"
import { AppConfig } from "../platform/Config.ts"
import { ForwardedRequests } from "../platform/ForwardedRequests.ts"
import { networkFault } from "../upstreams/client/network.ts"
import { CodeHost } from "../upstreams/CodeHost.ts"
import { CodeHostSetup } from "../upstreams/CodeHostSetup.ts"
import { TrackerSetup } from "../upstreams/TrackerSetup.ts"
import type { UpstreamError } from "../upstreams/UpstreamError.ts"
import { ConnectionTests } from "./ConnectionTests.ts"
import { OverviewRepo } from "./Overview/OverviewRepo.ts"
import { machineSettingNames, missingSetup, trustProxy } from "./Overview/setup.ts"
import { SetupCommands } from "./Setup/SetupCommands.ts"
import { SetupRepo } from "./Setup/SetupRepo.ts"
import type { MappingFacts, Reading, SetupFacts } from "./Setup/facts.ts"
import { stepsOf } from "./Setup/steps.ts"

const ownCallTimeout = Duration.seconds(5)

/** How far the set-up is: reads the facts of each step now, from the upstreams too. */
export class Setup extends Context.Service<Setup, { readonly get: Effect.Effect<Shape> }>()(
  "ai-implement/operations/Setup"
) {
  static readonly layerNoDeps = Layer.effect(
    Setup,
    Effect.gen(function* () {
      const config = yield* AppConfig
      const client = yield* HttpClient.HttpClient
      const codeHost = yield* CodeHost
      const codeHostSetup = yield* CodeHostSetup
      const connectionTests = yield* ConnectionTests
      const dispatches = yield* Dispatches
      const forwarded = yield* ForwardedRequests
      const instance = yield* Instance
      const issues = yield* Issues
      const mappings = yield* Mappings
      const overview = yield* OverviewRepo
      const passes = yield* Passes
      const readiness = yield* Readiness
      const repo = yield* SetupRepo
      const settings = yield* Settings
      const commands = yield* SetupCommands
      const trackerSetup = yield* TrackerSetup
      const webhooks = yield* Webhooks
      const { GITHUB_API_URL, NOTIFY_WEBHOOK_URL, PICKUP_LABEL, PUBLIC_URL } = config

      const ownCall =
        PUBLIC_URL === null
          ? Effect.succeed(null)
          : client.get(`${PUBLIC_URL}/health/live`).pipe(
              Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
              Effect.map(({ status }) => (status === 200 ? null : `it answered ${status}`)),
              Effect.catch(({ reason }) =>
                Effect.succeed(networkFault("cause" in reason ? reason.cause : undefined).code ?? "no answer")
              ),
              Effect.timeoutOrElse({
                duration: ownCallTimeout,
                orElse: () => Effect.succeed(`no answer within ${Duration.toSeconds(ownCallTimeout)} s`)
              })
            )

      const factsOf = Effect.fnUntraced(function* (mapping: Mapping): Effect.fn.Return<MappingFacts> {
        const { owner, repo: name, teamKey } = mapping
        const [checked, proposal] = yield* Effect.all(
          [
            readiness.check(teamKey).pipe(Effect.catch(({ message }) => Effect.succeed(message))),
            Effect.orElseSucceed(codeHost.proposal({ owner, repo: name, branch: syncBranch }), () => null)
          ],
          { concurrency: 2 }
        )
        return { teamKey, owner, repo: name, readiness: checked, proposal }
      })

      const machines = Effect.fnUntraced(function* (mapped: ReadonlyArray<Mapping>) {
        const { mode } = yield* settings.runnerMode
        const used =
          mode === "fly" ||
          mapped.some(({ executionMode }) => effectiveExecutionMode(executionMode, mode) === "fly-machines")
        if (!used) return null
        const missing = missingSetup(config, 1, { app: settings.machines.app }).filter(({ setting }) =>
          machineSettingNames.includes(setting)
        )
        return { missing, fly: missing.length > 0 ? null : yield* connectionTests.test("fly") }
      })

      const facts = Effect.gen(function* () {
        const mapped = yield* mappings.list
        const { health, newest, reached, succeeded, untrusted, ...read } = yield* Effect.all(
          {
            ownCall,
            reached: repo.reached,
            health: webhooks.health,
            untrusted: forwarded.untrusted,
            pollingOnly: commands.pollingOnly,
            testIssue: commands.testIssue,
            app: reading(codeHostSetup.app),
            workspace: reading(trackerSetup.workspace),
            machines: machines(mapped),
            mappings: Effect.forEach(mapped, factsOf, { concurrency: 2 }),
            paused: instance.paused,
            poller: passes.state,
            notifications: NOTIFY_WEBHOOK_URL === null ? Effect.succeed(null) : overview.notifications,
            issues: issues.list({}),
            newest: dispatches.log({ limit: 1 }),
            succeeded: dispatches.log({ limit: 50, status: "succeeded" })
          },
          { concurrency: 8 }
        )
        const ofHook = (source: "linear" | "github", secret: unknown) => ({
          ...health[source],
          acceptedAt: latest([health[source].acceptedAt, reached[source]]),
          secret: secret !== null
        })
        return {
          ...read,
          publicUrl: PUBLIC_URL,
          reachedAt: latest([
            reached.run,
            reached.linear,
            reached.github,
            health.linear.acceptedAt,
            health.github.acceptedAt
          ]),
          proxy: untrusted ? trustProxy.message : null,
          githubWeb: githubWeb(GITHUB_API_URL),
          pickupLabel: PICKUP_LABEL,
          webhooks: {
            linear: ofHook("linear", config.LINEAR_WEBHOOK_SECRET),
            github: ofHook("github", config.GITHUB_WEBHOOK_SECRET)
          },
          latest: newest[0] ?? null,
          delivered: succeeded.find(({ pullRequest }) => pullRequest !== null) ?? null
        } satisfies SetupFacts
      })

      const get = Effect.gen(function* () {
        const known = yield* facts
        const { app, mappings: mapped, pollingOnly, publicUrl, testIssue, workspace } = known
        const labelled = workspace._tag === "Known" ? workspace.value.labelled : null
        const [testDispatch] =
          testIssue === null ? [] : yield* dispatches.log({ issue: testIssue.id, limit: 1 })
        return {
          steps: stepsOf(known),
          publicUrl,
          pollingOnly,
          pickupLabel: PICKUP_LABEL,
          teams:
            workspace._tag === "Known" ? workspace.value.teams.map(({ key, name }) => ({ key, name })) : [],
          repositories:
            app._tag === "Known" ? app.value.installations.flatMap(({ repositories }) => repositories) : [],
          mappings: mapped.map(({ owner, repo, teamKey }) => ({
            teamKey,
            owner,
            repo,
            labelled: labelled === null || labelled.includes(teamKey)
          })),
          webhook:
            workspace._tag === "Known" && publicUrl !== null && !known.webhooks.linear.secret && !pollingOnly,
          testIssue,
          testDispatch: testDispatch?.id ?? null
        } satisfies Shape
      }).pipe(Effect.withSpan("Setup.get"))

      return Setup.of({ get })
    })
  )
  static readonly layer = Setup.layerNoDeps.pipe(
    Layer.provide([
      FetchHttpClient.layer,
      ForwardedRequests.layer,
      OverviewRepo.layer,
      SetupRepo.layer,
      ConnectionTests.layer
    ])
  )
}

const reading = <A>(call: Effect.Effect<A, UpstreamError>): Effect.Effect<Reading<A>> =>
  Effect.match(call, {
    onSuccess: (value): Reading<A> => ({ _tag: "Known", value }),
    onFailure: ({ message, reason }): Reading<A> =>
      reason._tag === "NotConfigured"
        ? { _tag: "NotConfigured", missing: reason.missing }
        : { _tag: "Failed", message }
  })

const latest = (times: ReadonlyArray<DateTime.Utc | null>) =>
  times.reduce<DateTime.Utc | null>(
    (newest, at) => (at === null || (newest !== null && DateTime.isGreaterThan(newest, at)) ? newest : at),
    null
  )
