import * as Layer from "effect/Layer"
import { RunBackends } from "../upstreams/RunBackends.ts"
import { Admission } from "./admission/Admission.ts"
import { AdmissionRepo } from "./admission/AdmissionRepo.ts"
import { Runner } from "./callbacks/Runner.ts"
import { DispatchCommands } from "./commands/DispatchCommands.ts"
import { IssueCommands } from "./commands/IssueCommands.ts"
import { PlanCommands } from "./commands/PlanCommands.ts"
import { SyncWorkflows } from "./commands/SyncWorkflows.ts"
import { Comments, following } from "./comments/Comments.ts"
import { TriggersRepo } from "./comments/TriggersRepo.ts"
import { ContextReader } from "./context/ContextReader.ts"
import { Dispatches } from "./dispatches/Dispatches.ts"
import { DispatchesRepo } from "./dispatches/DispatchesRepo.ts"
import { MachinesRepo } from "./dispatches/MachinesRepo.ts"
import { PullRequestsRepo } from "./dispatches/PullRequestsRepo.ts"
import { RunLogRepo } from "./dispatches/RunLogRepo.ts"
import { RunnerCredentialsRepo } from "./dispatches/RunnerCredentialsRepo.ts"
import { SettlementsRepo } from "./dispatches/SettlementsRepo.ts"
import { TimelineRepo } from "./dispatches/TimelineRepo.ts"
import { TransitionsRepo } from "./dispatches/TransitionsRepo.ts"
import { Decisions } from "./issues/Decisions.ts"
import { DedupRepo } from "./issues/DedupRepo.ts"
import { FailuresRepo } from "./issues/FailuresRepo.ts"
import { FailureStates } from "./issues/FailureStates.ts"
import { HoldsRepo } from "./issues/HoldsRepo.ts"
import { DecisionsRepo } from "./issues/DecisionsRepo.ts"
import { FactsRepo } from "./issues/FactsRepo.ts"
import { Issues } from "./issues/Issues.ts"
import { IssuesRepo } from "./issues/IssuesRepo.ts"
import { Lifecycle } from "./lifecycle/Lifecycle.ts"
import * as Monitor from "./lifecycle/Monitor.ts"
import { Reports } from "./lifecycle/Reports.ts"
import { Settlement } from "./lifecycle/Settlement.ts"
import { Plans } from "./plans/Plans.ts"
import { PlansRepo } from "./plans/PlansRepo.ts"
import { Passes } from "./poller/Passes.ts"
import * as Poller from "./poller/Poller.ts"
import * as questionLoop from "./questions/questionLoop.ts"
import { Questions } from "./questions/Questions.ts"
import { Readiness } from "./readiness/Readiness.ts"
import { ReadinessRepo } from "./readiness/ReadinessRepo.ts"
import * as MachineRuns from "./sessions/MachineRuns.ts"
import { MachineSecretsRepo } from "./sessions/MachineSecretsRepo.ts"
import * as Reaper from "./sessions/Reaper.ts"
import { ReaperRepo } from "./sessions/ReaperRepo.ts"
import { Sessions } from "./sessions/Sessions.ts"
import { Templates } from "./templates/Templates.ts"
import { Webhooks } from "./webhooks/Webhooks.ts"

const rows = Layer.mergeAll(
  AdmissionRepo.layer,
  TimelineRepo.layer,
  TransitionsRepo.layer,
  SettlementsRepo.layer,
  PullRequestsRepo.layer,
  DispatchesRepo.layer,
  RunnerCredentialsRepo.layer,
  RunLogRepo.layer,
  MachinesRepo.layer,
  MachineSecretsRepo.layer,
  ReaperRepo.layer,
  TriggersRepo.layer,
  IssuesRepo.layer,
  DedupRepo.layer,
  FailuresRepo.layer,
  HoldsRepo.layer,
  DecisionsRepo.layer,
  ReadinessRepo.layer,
  FactsRepo.layer
).pipe(Layer.provideMerge(PlansRepo.layer))

const runBackends = RunBackends.layer.pipe(Layer.provideMerge(MachineRuns.layer))

/** From a labelled issue to a settled dispatch: decisions, admission, lifecycle, and their triggers. */
export const layer = Layer.mergeAll(
  Poller.layer,
  Monitor.layer,
  questionLoop.layer,
  Reaper.layer,
  following,
  Webhooks.layer
).pipe(
  Layer.provideMerge(Comments.layer),
  Layer.provideMerge(
    Layer.mergeAll(IssueCommands.layerNoDeps, Sessions.layerNoDeps, SyncWorkflows.layerNoDeps)
  ),
  Layer.provideMerge(Layer.merge(PlanCommands.layerNoDeps, DispatchCommands.layerNoDeps)),
  Layer.provideMerge(Layer.merge(Runner.layer, Passes.layer)),
  Layer.provideMerge(Layer.merge(Questions.layer, Plans.layer)),
  Layer.provideMerge(Dispatches.layerNoDeps),
  Layer.provideMerge(Reports.layerNoDeps),
  Layer.provideMerge(Lifecycle.layer),
  Layer.provideMerge(Settlement.layerNoDeps),
  Layer.provideMerge(FailureStates.layerNoDeps),
  Layer.provideMerge(Readiness.layerNoDeps),
  Layer.provideMerge(Templates.layerNoDeps),
  Layer.provideMerge(Layer.merge(Decisions.layer, Issues.layer)),
  Layer.provideMerge(Layer.merge(ContextReader.layer, Admission.layerNoDeps)),
  Layer.provideMerge(runBackends),
  Layer.provideMerge(rows)
)
