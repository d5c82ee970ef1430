import * as Layer from "effect/Layer"
import { Runs } from "../upstreams/RunBackends.ts"
import { Admission } from "./admission/AdmissionRepo.ts"
import { Runner } from "./callbacks/Runner.ts"
import { DispatchCommands } from "./commands/DispatchCommands.ts"
import { Candidates } from "./commands/Issues.ts"
import { PlanCommands } from "./commands/PlanCommands.ts"
import { Comments, reading } from "./comments/Comments.ts"
import { CommentTriggers } from "./comments/TriggersRepo.ts"
import { Situation } from "./context/ContextReader.ts"
import { Dispatches } from "./dispatches/Dispatches.ts"
import { DispatchLog } from "./dispatches/DispatchesRepo.ts"
import { MachinesRepo } from "./dispatches/MachinesRepo.ts"
import { PullRequests } from "./dispatches/PullRequestsRepo.ts"
import { Lines } from "./dispatches/RunLogRepo.ts"
import { RunnerCredentials } from "./dispatches/RunnerCredentialsRepo.ts"
import { Settlements } from "./dispatches/SettlementsRepo.ts"
import { Transitions } from "./dispatches/TransitionsRepo.ts"
import { Decisions } from "./issues/Decisions.ts"
import { DecisionsRepo } from "./issues/DecisionsRepo.ts"
import { Facts } from "./issues/FactsRepo.ts"
import { IssuesRepo } from "./issues/IssuesRepo.ts"
import { Lifecycle } from "./lifecycle/Lifecycle.ts"
import * as Monitor from "./lifecycle/Monitor.ts"
import { Reports } from "./lifecycle/Reports.ts"
import { Plans } from "./plans/Plans.ts"
import { PlansRepo } from "./plans/PlansRepo.ts"
import { Passes } from "./poller/Passes.ts"
import * as Poller from "./poller/Poller.ts"
import * as questionLoop from "./questions/questionLoop.ts"
import { Questions } from "./questions/Questions.ts"
import { Readiness } from "./readiness/Readiness.ts"
import { ReadinessRepo } from "./readiness/ReadinessRepo.ts"
import * as MachineRuns from "./sessions/MachineRuns.ts"
import { MachineSecrets } from "./sessions/MachineSecretsRepo.ts"
import * as Reaper from "./sessions/Reaper.ts"
import { ReaperRepo } from "./sessions/ReaperRepo.ts"
import { Sessions } from "./sessions/Sessions.ts"
import { Webhooks } from "./webhooks/Webhooks.ts"

const rows = Layer.mergeAll(
  Transitions.layer,
  Settlements.layer,
  PullRequests.layer,
  DispatchLog.layer,
  RunnerCredentials.layer,
  Lines.layer,
  MachinesRepo.layer,
  MachineSecrets.layer,
  ReaperRepo.layer,
  CommentTriggers.layer,
  IssuesRepo.layer,
  DecisionsRepo.layer,
  ReadinessRepo.layer,
  Facts.layer
).pipe(Layer.provideMerge(PlansRepo.layer))

const runBackends = Runs.layer.pipe(Layer.provideMerge(MachineRuns.layer))

/** From a labelled issue to a settled dispatch: decisions, admission, lifecycle, and all that asks for them. */
export const layer = Layer.mergeAll(
  Poller.layer,
  Monitor.layer,
  questionLoop.layer,
  Reaper.layer,
  reading,
  Webhooks.layer
).pipe(
  Layer.provideMerge(Comments.layer),
  Layer.provideMerge(Layer.merge(Candidates.layerNoDeps, Sessions.layerNoDeps)),
  Layer.provideMerge(Layer.merge(PlanCommands.layerNoDeps, DispatchCommands.layerNoDeps)),
  Layer.provideMerge(Layer.merge(Runner.layer, Passes.layer)),
  Layer.provideMerge(Layer.merge(Questions.layer, Plans.layer)),
  Layer.provideMerge(Dispatches.layerNoDeps),
  Layer.provideMerge(Reports.layerNoDeps),
  Layer.provideMerge(Lifecycle.layer),
  Layer.provideMerge(Readiness.layerNoDeps),
  Layer.provideMerge(Decisions.layer),
  Layer.provideMerge(Layer.merge(Situation.layer, Admission.layer)),
  Layer.provideMerge(runBackends),
  Layer.provideMerge(rows)
)
