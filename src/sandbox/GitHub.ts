import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { defaultBehaviour, type Job, type Behaviour } from "./agent/behaviour.ts"
import { onGitHub, pullRequestsOn } from "./agent/onGitHub.ts"
import { appPages } from "./github/appPages.ts"
import { makeManifests } from "./github/Manifests.ts"
import { announcement } from "./github/announcement.ts"
import { makeArtifacts } from "./github/Artifacts.ts"
import { type AppOptions, makeAuth } from "./github/Auth.ts"
import { makeComments } from "./github/Comments.ts"
import { contract } from "./github/Contract.ts"
import { controlRoutes } from "./github/controlRoutes.ts"
import { type Controls, makeControls } from "./github/Controls.ts"
import { makeHandler } from "./github/handle.ts"
import { makeOidc } from "./github/Oidc.ts"
import { page } from "./github/pages.ts"
import { makePulls } from "./github/Pulls.ts"
import { makeRateLimit } from "./github/RateLimit.ts"
import { makeRuns } from "./github/Runs.ts"
import { putRepository, type RepositoryOptions, type Server, type State } from "./github/State.ts"
import { type Control, serve, type Upstream } from "./Upstream.ts"
import { makeWebhooks, type Target, type WebhookControl } from "./Upstream/Webhooks.ts"

export type { AppOptions } from "./github/Auth.ts"
export type { Controls } from "./github/Controls.ts"
export type { Cancelled, Conclusion, RepositoryOptions, Run } from "./github/State.ts"

export interface Options {
  readonly port?: number
  /** The speed of the agent and of cancellations; 1 is realistic. */
  readonly speed?: number
  readonly apps: ReadonlyArray<AppOptions>
  readonly repositories: ReadonlyArray<RepositoryOptions>
  readonly agent?: "auto" | "manual"
  readonly behaviourOf?: (job: Job) => Behaviour
  readonly consistencyDelay?: number
  readonly server?: Partial<Server>
  readonly budget?: number
  readonly webhook?: Target
}

export interface LocalGitHub extends Upstream, Controls, WebhookControl {
  readonly storage: Control
}

const make = Effect.fn("GitHub.make")(function* (
  options: Options
): Effect.fn.Return<LocalGitHub, never, Scope.Scope> {
  const now = yield* Clock.currentTimeMillis
  const speed = options.speed ?? 1
  const state: State = {
    url: "",
    storageUrl: "",
    repositories: new Map(),
    runs: [],
    artifacts: [],
    listeners: [],
    beforeCancelled: new Map(),
    // Ids of an earlier start are never reused: a database may contain them.
    nextId: now,
    server: { runDetails: true, maxInputs: 25, ...options.server },
    consistencyDelay: options.consistencyDelay ?? 0,
    cancelDelay: 1000 / speed
  }
  for (const repository of options.repositories) putRepository(state, repository, now)
  const auth = makeAuth(state, options.apps, now)
  const limits = makeRateLimit(options.budget)
  const runs = yield* makeRuns(state)
  const pulls = makePulls(state)
  const comments = makeComments(state)
  const artifacts = makeArtifacts(state)
  const oidc = yield* makeOidc(state)
  const controls = makeControls({ state, auth, limits, runs, pulls, comments, artifacts, oidc })
  if (options.agent !== "manual") {
    const openPullRequest = pullRequestsOn(controls, () => state.url)
    const { behaviourOf = defaultBehaviour } = options
    state.listeners.push(yield* onGitHub(controls, { speed, behaviourOf, openPullRequest }))
  }
  const webhooks = yield* makeWebhooks([], options.webhook ?? null)
  const manifests = makeManifests(auth, webhooks.setWebhook)
  const ofApps = appPages(state, auth, manifests)
  const rest = makeHandler({ state, auth, runs, pulls, limits, manifests })
  const upstream = yield* serve({
    name: "GitHub",
    port: options.port,
    operationOf: (request) => contract.match(request)?.operation ?? null,
    handler: Effect.fnUntraced(function* (request, control) {
      const shown = page(state, request) ?? ofApps(request, yield* Clock.currentTimeMillis)
      const beside = shown ?? (yield* oidc.answer(request))
      return beside ?? (yield* rest(request, control))
    }),
    control: controlRoutes(controls, webhooks)
  })
  state.url = upstream.url
  const { violate } = upstream.control
  // As at GitHub, what is downloaded lies at another host, which refuses credentials of the API.
  const storage = yield* serve({
    name: "GitHub's storage",
    handler: (request) => Effect.sync(() => artifacts.answer(request, violate))
  })
  state.storageUrl = storage.url
  state.listeners.push((change) => webhooks.send(() => announcement(state, auth, violate, change)))
  return { ...upstream, ...controls, ...webhooks, storage: storage.control }
})

/** GitHub on this machine: its own OpenAPI, its credentials and limits, its runs, and an agent that works. */
export class GitHub extends Context.Service<GitHub, LocalGitHub>()("ai-implement/sandbox/GitHub") {
  static readonly make = make
  static readonly layer = (options: Options) => Layer.effect(GitHub, make(options))
}
