import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Admins } from "./Admins.ts"
import { Audit } from "./Audit.ts"
import { Candidates } from "./Candidates.ts"
import { CandidatesRepo } from "./Candidates/CandidatesRepo.ts"
import * as Cluster from "./Cluster.ts"
import { Comments, reading } from "./Comments.ts"
import { CommentTriggers } from "./Comments/TriggersRepo.ts"
import { AppConfig } from "./Config.ts"
import { Dispatches } from "./Dispatches.ts"
import { Admission } from "./Dispatches/AdmissionRepo.ts"
import { Facts } from "./Dispatches/FactsRepo.ts"
import { RunnerCredentials } from "./Dispatches/CredentialsRepo.ts"
import { Lines } from "./Dispatches/LinesRepo.ts"
import { DispatchLog } from "./Dispatches/LogRepo.ts"
import { PullRequests } from "./Dispatches/PullRequestsRepo.ts"
import { Settlements } from "./Dispatches/SettlementRepo.ts"
import { Transitions } from "./Dispatches/TransitionsRepo.ts"
import { Events } from "./Events.ts"
import { Fly } from "./Fly.ts"
import * as MachineRuns from "./Fly/runs.ts"
import * as GitHub from "./GitHub.ts"
import * as Http from "./http/Http.ts"
import { Instance } from "./Instance.ts"
import { Lifecycle } from "./Lifecycle.ts"
import { Reports } from "./Lifecycle/Reports.ts"
import * as Monitor from "./Lifecycle/Monitor.ts"
import * as Linear from "./Linear.ts"
import { Mappings } from "./Mappings.ts"
import { delivery, Notifications } from "./Notifications.ts"
import { Outbox } from "./Notifications/OutboxRepo.ts"
import * as Observability from "./Observability.ts"
import { Overview } from "./Overview.ts"
import { Passes } from "./Passes.ts"
import { Plans } from "./Plans.ts"
import { PlansRepo } from "./Plans/PlansRepo.ts"
import * as Poller from "./Poller.ts"
import { Decisions } from "./Poller/Decisions.ts"
import { DecisionsRepo } from "./Poller/DecisionsRepo.ts"
import { PassRepo } from "./Poller/PassRepo.ts"
import { Situation } from "./Poller/Situation.ts"
import { Questions } from "./Questions.ts"
import * as Asking from "./Questions/turn.ts"
import * as Reaper from "./Reaper.ts"
import { ReaperRepo } from "./Reaper/ReaperRepo.ts"
import { Readiness } from "./Readiness.ts"
import { ReadinessRepo } from "./Readiness/ReadinessRepo.ts"
import * as Retention from "./Retention.ts"
import { Runner } from "./Runner.ts"
import { Runs } from "./Runs.ts"
import { MachinesRepo } from "./Sessions/MachinesRepo.ts"
import { Secrets } from "./Secrets.ts"
import { MachineSecrets } from "./Secrets/MachineSecretsRepo.ts"
import { Sessions } from "./Sessions.ts"
import { Settings } from "./Settings.ts"
import * as Sql from "./Sql.ts"
import { Wakes } from "./Sql/Wakes.ts"
import * as Startup from "./Startup.ts"
import { Trials } from "./Trials.ts"
import { Upstreams } from "./Upstreams.ts"
import { Webhooks } from "./Webhooks.ts"

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
