import { describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { MappingsRepo } from "../../../src/admin/Mappings/MappingsRepo.ts"
import { AdmissionRepo } from "../../../src/dispatching/admission/AdmissionRepo.ts"
import { DispatchesRepo } from "../../../src/dispatching/dispatches/DispatchesRepo.ts"
import { PullRequestsRepo } from "../../../src/dispatching/dispatches/PullRequestsRepo.ts"
import { RunLogRepo } from "../../../src/dispatching/dispatches/RunLogRepo.ts"
import { SettlementsRepo } from "../../../src/dispatching/dispatches/SettlementsRepo.ts"
import { TimelineRepo } from "../../../src/dispatching/dispatches/TimelineRepo.ts"
import { TransitionsRepo } from "../../../src/dispatching/dispatches/TransitionsRepo.ts"
import { DecisionsRepo } from "../../../src/dispatching/issues/DecisionsRepo.ts"
import { DedupRepo } from "../../../src/dispatching/issues/DedupRepo.ts"
import { FactsRepo } from "../../../src/dispatching/issues/FactsRepo.ts"
import { FailuresRepo } from "../../../src/dispatching/issues/FailuresRepo.ts"
import { HoldsRepo } from "../../../src/dispatching/issues/HoldsRepo.ts"
import { IssuesRepo } from "../../../src/dispatching/issues/IssuesRepo.ts"
import { PlansRepo } from "../../../src/dispatching/plans/PlansRepo.ts"
import { PassesRepo } from "../../../src/dispatching/poller/PassesRepo.ts"
import { QuestionsRepo } from "../../../src/dispatching/questions/QuestionsRepo.ts"
import { Signals } from "../../../src/platform/Signals.ts"
import { config } from "../config.ts"
import { TestDb } from "../TestDb.ts"
import { repos } from "./layer.ts"
import * as Memory from "./Memory.ts"
import { Store } from "./Store.ts"
import * as t from "./tables.ts"
import { dispatches } from "./contract/dispatches.ts"
import { mapping, type Repos, teamKey } from "./contract/fixtures.ts"
import { issues } from "./contract/issues.ts"
import { plans } from "./contract/plans.ts"
import { questions } from "./contract/questions.ts"
import { transactions } from "./contract/transactions.ts"

const around = Layer.mergeAll(
  Layer.mock(Signals, { notify: () => Effect.void }),
  SecureRandom.layerWebCrypto,
  config({})
)

const sqlRepos = Layer.mergeAll(
  AdmissionRepo.layer,
  DispatchesRepo.layer,
  TransitionsRepo.layer,
  TimelineRepo.layer,
  SettlementsRepo.layer,
  PullRequestsRepo.layer,
  RunLogRepo.layer,
  IssuesRepo.layer,
  DedupRepo.layer,
  FailuresRepo.layer,
  HoldsRepo.layer,
  DecisionsRepo.layer,
  FactsRepo.layer,
  PlansRepo.layer,
  QuestionsRepo.layer,
  PassesRepo.layer
)

const onDatabase = Layer.mergeAll(
  sqlRepos,
  Layer.effectDiscard(
    Effect.flatMap(MappingsRepo, ({ upsert }) => upsert(mapping)).pipe(Effect.provide(MappingsRepo.layer))
  )
).pipe(Layer.provideMerge(TestDb), Layer.provide(around))

const inMemory = Layer.suspend(() => {
  const store = new Store()
  store.rows(t.mappings).set(teamKey, mapping)
  store.rows(t.instance).set(t.instanceKey, t.noInstance)
  return repos.pipe(Layer.provideMerge(Memory.layer(store)), Layer.provide(around))
})

describe.each([
  ["in SQL", onDatabase],
  ["in memory", inMemory]
] as const)("the repos of the dispatching core %s", (_, layer) => {
  for (const [title, holds] of Object.entries({
    ...dispatches,
    ...issues,
    ...plans,
    ...questions,
    ...transactions
  })) {
    it.live(title, () => Effect.provide(holds, layer as Layer.Layer<Repos, unknown>))
  }
})
