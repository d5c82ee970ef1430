import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type { Run } from "../domain/Dispatch.ts"
import type { Phase, Provider, SessionMode } from "../domain/Modes.ts"
import type { Repository } from "./CodeHost.ts"
import type { UpstreamError } from "./UpstreamError.ts"
import type { IssueComment } from "../domain/RunnerMessages.ts"
import type { DispatchId, IssueId, TeamKey } from "../domain/Ids.ts"

export type RunKind = Run["kind"]

/** Where runs live: a repository's Actions, or a Fly app. */
export type Place =
  | ({ readonly kind: "github" } & Repository)
  | { readonly kind: "fly"; readonly app: string }

interface Work extends Repository {
  readonly dispatchId: DispatchId
  readonly issueId: IssueId
  readonly issueIdentifier: string
  readonly issueTitle: string
  readonly issueDescription: string | null
  readonly phase: Phase
  readonly ref: string
  readonly branch: string
  readonly provider: Provider
  readonly awsRegion: string | null
  readonly sessionMode: SessionMode
  readonly extraEnv: Record<string, string>
  readonly callbackUrl: string | null
  /** The open pull request that the run continues. */
  readonly prNumber: number | null
  /** Evaluated last, when the request is ready to be sent; `false` prevents it (`not_sent`). */
  readonly proceed: Effect.Effect<boolean>
}

export interface WorkflowLaunch extends Work {
  readonly kind: "github"
  readonly workflowFile: string
  readonly issueUrl: string
  readonly deadlineMinutes: number
  /** Planning only: why the last plan was rejected, and what it said. */
  readonly planFeedback: string | null
  readonly previousPlan: string | null
  /** Implementation only: the plan to carry out. */
  readonly plan: string | null
  /** Comments of people, where the run cannot call the service for them. */
  readonly comments: ReadonlyArray<IssueComment>
  /** Inputs the workflow is known not to declare: left out. */
  readonly undeclaredInputs: ReadonlyArray<string>
}

export interface MachineLaunch extends Work {
  readonly kind: "fly"
  readonly teamKey: TeamKey
  readonly app: string
  /** `null`: Fly chooses. */
  readonly region: string | null
  readonly cpus: number
  readonly memoryMb: number
  /** The credential of the machine for our API; only its hash is stored. */
  readonly credential: Redacted.Redacted<string>
}

export type LaunchRequest = WorkflowLaunch | MachineLaunch

export interface ObservedRun {
  readonly run: Run
  /** The dispatch that the run carries, if any. */
  readonly dispatchId: DispatchId | null
  /** `waiting`: for a person's approval; `pending`: for its concurrency group. */
  readonly state: "queued" | "waiting" | "pending" | "running" | "completed"
  /** `never_started`: it failed before its work began. */
  readonly conclusion: "success" | "failure" | "never_started" | "cancelled" | "timed_out" | "other" | null
  /** The cause of its end as one clause: `out of memory`, `exit code 3`. */
  readonly detail: string | null
  readonly createdAt: DateTime.Utc
  readonly startedAt: DateTime.Utc | null
}

/** Who or what cancelled a run: a person, the time limit of its workflow, a newer run of its concurrency group. */
export type Cancellation =
  | { readonly _tag: "Person"; readonly login: string | null }
  | { readonly _tag: "TimeLimit" }
  | { readonly _tag: "Superseded" }

type Of<Union extends { readonly kind: RunKind }, Kind extends RunKind> = Extract<
  Union,
  { readonly kind: Kind }
>

/** An execution backend: starts, observes and stops the runs of one kind. */
export interface Backend<Kind extends RunKind> {
  /** Sent once, never retried by a client. `null`: accepted without a run id. */
  readonly launch: (request: Of<LaunchRequest, Kind>) => Effect.Effect<Run | null, UpstreamError>
  /** Every run since `since` that carries the dispatch id, oldest first. An empty answer alone proves nothing. */
  readonly find: (query: {
    readonly place: Of<Place, Kind>
    readonly dispatchId: DispatchId
    readonly since: DateTime.Utc
  }) => Effect.Effect<ReadonlyArray<ObservedRun>, UpstreamError>
  /** Our runs of a place since `since`: one request, plus one for each of `runs` it left out. */
  readonly list: (query: {
    readonly place: Of<Place, Kind>
    readonly since: DateTime.Utc
    readonly runs: ReadonlyArray<Run>
  }) => Effect.Effect<ReadonlyArray<ObservedRun>, UpstreamError>
  /** Asks a run to stop; succeeds when it has ended already. `force` ends a run that did not stop. */
  readonly stop: (query: {
    readonly place: Of<Place, Kind>
    readonly run: Run
    readonly force: boolean
  }) => Effect.Effect<void, UpstreamError>
  /** Who or what cancelled a run that we did not stop; null: the backend does not say. */
  readonly cancellation: (query: {
    readonly place: Of<Place, Kind>
    readonly run: Run
  }) => Effect.Effect<Cancellation | null, UpstreamError>
  /** A cheap call that shows whether the backend answers. */
  readonly probe: (place: Of<Place, Kind>) => Effect.Effect<void, UpstreamError>
}

/** GitHub Actions. */
export class WorkflowRuns extends Context.Service<WorkflowRuns, Backend<"github">>()(
  "ai-implement/upstreams/RunBackends/WorkflowRuns"
) {}

/** Fly Machines. */
export class MachineRuns extends Context.Service<MachineRuns, Backend<"fly">>()(
  "ai-implement/upstreams/RunBackends/MachineRuns"
) {}

/** Every execution backend behind one port: each call goes to the backend of its kind. */
export class RunBackends extends Context.Service<RunBackends, Backend<RunKind>>()(
  "ai-implement/upstreams/RunBackends"
) {
  static readonly layer = Layer.effect(
    RunBackends,
    Effect.gen(function* () {
      const workflows = yield* WorkflowRuns
      const machines = yield* MachineRuns
      return RunBackends.of({
        launch: (request) =>
          request.kind === "github" ? workflows.launch(request) : machines.launch(request),
        find: ({ place, ...rest }) =>
          place.kind === "github" ? workflows.find({ place, ...rest }) : machines.find({ place, ...rest }),
        list: ({ place, ...rest }) =>
          place.kind === "github" ? workflows.list({ place, ...rest }) : machines.list({ place, ...rest }),
        stop: ({ place, ...rest }) =>
          place.kind === "github" ? workflows.stop({ place, ...rest }) : machines.stop({ place, ...rest }),
        cancellation: ({ place, run }) =>
          place.kind === "github"
            ? workflows.cancellation({ place, run })
            : machines.cancellation({ place, run }),
        probe: (place) => (place.kind === "github" ? workflows.probe(place) : machines.probe(place))
      })
    })
  )
}
