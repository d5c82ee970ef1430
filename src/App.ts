import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Admins } from "./admin/Authentication.ts"
import { Audit } from "./admin/Audit.ts"
import { Candidates } from "./dispatching/commands/Issues.ts"
import { CandidatesRepo } from "./dispatching/issues/IssuesRepo.ts"
import * as Cluster from "./platform/Cluster.ts"
import { Comments, reading } from "./dispatching/comments/Comments.ts"
import { CommentTriggers } from "./dispatching/comments/TriggersRepo.ts"
import { AppConfig } from "./platform/Config.ts"
import { Dispatches } from "./dispatching/dispatches/Dispatches.ts"
import { Admission } from "./dispatching/admission/AdmissionRepo.ts"
import { Facts } from "./dispatching/issues/FactsRepo.ts"
import { RunnerCredentials } from "./dispatching/dispatches/RunnerCredentialsRepo.ts"
import { Lines } from "./dispatching/dispatches/RunLogRepo.ts"
import { DispatchLog } from "./dispatching/dispatches/DispatchesRepo.ts"
import { PullRequests } from "./dispatching/dispatches/PullRequestsRepo.ts"
import { Settlements } from "./dispatching/dispatches/SettlementsRepo.ts"
import { Transitions } from "./dispatching/dispatches/TransitionsRepo.ts"
import { Events } from "./messaging/Events.ts"
import { Fly } from "./upstreams/fly/Fly.ts"
import * as MachineRuns from "./dispatching/sessions/MachineRuns.ts"
import * as GitHub from "./upstreams/github/GitHub.ts"
import * as Http from "./http/Http.ts"
import { Instance } from "./admin/Instance.ts"
import { Lifecycle } from "./dispatching/lifecycle/Lifecycle.ts"
import { Reports } from "./dispatching/lifecycle/Reports.ts"
import * as Monitor from "./dispatching/lifecycle/Monitor.ts"
import * as Linear from "./upstreams/linear/Linear.ts"
import { Mappings } from "./admin/Mappings.ts"
import { delivery, Notifications } from "./messaging/Notifications.ts"
import { Outbox } from "./messaging/Notifications/OutboxRepo.ts"
import * as Observability from "./platform/Observability.ts"
import { Overview } from "./operations/Overview.ts"
import { Passes } from "./dispatching/poller/Passes.ts"
import { Plans } from "./dispatching/plans/Plans.ts"
import { PlansRepo } from "./dispatching/plans/PlansRepo.ts"
import * as Poller from "./dispatching/poller/Poller.ts"
import { Decisions } from "./dispatching/issues/Decisions.ts"
import { DecisionsRepo } from "./dispatching/issues/DecisionsRepo.ts"
import { PassRepo } from "./dispatching/poller/PassRepo.ts"
import { Situation } from "./dispatching/context/ContextReader.ts"
import { Questions } from "./dispatching/questions/Questions.ts"
import * as Asking from "./dispatching/questions/questionLoop.ts"
import * as Reaper from "./dispatching/sessions/Reaper.ts"
import { ReaperRepo } from "./dispatching/sessions/ReaperRepo.ts"
import { Readiness } from "./dispatching/readiness/Readiness.ts"
import { ReadinessRepo } from "./dispatching/readiness/ReadinessRepo.ts"
import * as Retention from "./operations/Retention.ts"
import { Runner } from "./dispatching/callbacks/Runner.ts"
import { Runs } from "./upstreams/RunBackends.ts"
import { MachinesRepo } from "./dispatching/dispatches/MachinesRepo.ts"
import { Secrets } from "./admin/Secrets.ts"
import { MachineSecrets } from "./dispatching/sessions/MachineSecretsRepo.ts"
import { Sessions } from "./dispatching/sessions/Sessions.ts"
import { Settings } from "./admin/Settings.ts"
import * as Sql from "./platform/Sql.ts"
import { Wakes } from "./platform/Signals.ts"
import * as Startup from "./operations/Startup.ts"
import { Trials } from "./operations/ConnectionTests.ts"
import { Upstreams } from "./upstreams/health/Upstreams.ts"
import { Webhooks } from "./dispatching/webhooks/Webhooks.ts"

const database = Layer.unwrap(
  Effect.gen(function* () {
    const { DATABASE_URL, DATA_DIR } = yield* AppConfig
    return Sql.layer({ databaseUrl: Option.fromNullOr(DATABASE_URL), dataDir: DATA_DIR })
  })
)

const rows = Layer.mergeAll(
  Transitions.layer,
  Settlements.layer,
  PullRequests.layer,
  DispatchLog.layer,
  RunnerCredentials.layer,
  Lines.layer,
  ReaperRepo.layer,
  Outbox.layer,
  CommentTriggers.layer,
  CandidatesRepo.layer.pipe(Layer.provideMerge(PassRepo.layer), Layer.provideMerge(PlansRepo.layer)),
  DecisionsRepo.layer,
  ReadinessRepo.layer,
  Admission.layer.pipe(Layer.provideMerge(Facts.layer))
)

const subjects = Layer.mergeAll(
  Audit.layer,
  Instance.layer,
  Settings.layer,
  Mappings.layer,
  Admins.layer,
  Passes.layer
).pipe(Layer.provideMerge(Layer.merge(Upstreams.layer, Wakes.layer)))

const machines = MachineRuns.layer.pipe(
  Layer.provideMerge(Layer.mergeAll(Fly.layer, MachineSecrets.layer, MachinesRepo.layer))
)

const upstreams = Layer.merge(Linear.layer, Runs.layer).pipe(
  Layer.provideMerge(Layer.merge(GitHub.layer, machines))
)

/** The engine: the poller, the durable workflows, the monitor and the tidying. */
const engine = Layer.mergeAll(
  Poller.layer,
  Monitor.layer,
  Asking.layer,
  Reaper.layer,
  Retention.layer,
  delivery,
  reading
).pipe(
  Layer.provideMerge(Layer.merge(Notifications.layer, Comments.layer)),
  Layer.provideMerge(Layer.mergeAll(Candidates.layerNoDeps, Sessions.layerNoDeps, Secrets.layer)),
  Layer.provideMerge(Plans.layerNoDeps),
  Layer.provideMerge(Runner.layer),
  Layer.provideMerge(Questions.layer),
  Layer.provideMerge(Dispatches.layerNoDeps),
  Layer.provideMerge(Reports.layerNoDeps),
  Layer.provideMerge(Lifecycle.layer),
  Layer.provideMerge(Readiness.layerNoDeps),
  Layer.provideMerge(Decisions.layer),
  Layer.provideMerge(Situation.layer)
)

/** The service without its doors: everything but HTTP, on a given database. */
export const service = engine.pipe(
  Layer.provideMerge(rows),
  Layer.provideMerge(upstreams),
  Layer.provideMerge(subjects),
  Layer.provideMerge(Cluster.layer),
  Layer.provideMerge(Layer.mergeAll(NodeServices.layer, NodeCrypto.layer))
)

/** The doors of the service: HTTP, and what only it shows. */
export const http = Layer.mergeAll(Http.layer, Startup.layer).pipe(
  Layer.provide([Overview.layer, Webhooks.layer, Events.layer, Trials.layer])
)

/** The whole service. It needs nothing but its configuration. */
export const layer = http.pipe(
  Layer.provideMerge(service),
  Layer.provideMerge(database),
  Layer.provide(Observability.layer),
  Layer.provideMerge(AppConfig.layer)
)
