import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as MachineRuns from "../../src/dispatching/sessions/MachineRuns.ts"
import { Instance } from "../../src/admin/Instance.ts"
import type { MachineLaunch } from "../../src/upstreams/RunBackends.ts"
import type { Options } from "../../src/sandbox/Fly.ts"
import { MachineSecretsRepo } from "../../src/dispatching/sessions/MachineSecretsRepo.ts"
import { MachinesRepo } from "../../src/dispatching/dispatches/MachinesRepo.ts"
import { config } from "./config.ts"
import { app, layer as client, secretValue } from "./flyClient.ts"
import { StoredDispatchId, StoredIssueId, TeamKey } from "../../src/domain/Ids.ts"

export const orchestratorId = "orchestrator-of-the-tests"
export const place = { kind: "fly", app } as const

export const launch: MachineLaunch = {
  kind: "fly",
  app,
  region: "ams",
  cpus: 2,
  memoryMb: 1024,
  teamKey: TeamKey.make("ENG"),
  credential: Redacted.make(secretValue),
  owner: "acme",
  repo: "web",
  dispatchId: StoredDispatchId.make("01936f3e-1111-7222-8333-944445555666"),
  issueId: StoredIssueId.make("5d1c0f6e-0000-4000-8000-000000000042"),
  issueIdentifier: "ENG-42",
  issueTitle: "Add search",
  issueDescription: null,
  phase: "implementation",
  ref: "main",
  branch: "ai-implement/eng-42-add-search",
  provider: "anthropic",
  awsRegion: null,
  sessionMode: "autonomous",
  extraEnv: {},
  callbackUrl: "https://ai-implement.test",
  prNumber: null,
  proceed: Effect.succeed(true)
}

export interface Given {
  readonly env?: Record<string, string>
  readonly secrets?: Effect.Success<ReturnType<MachineSecretsRepo["Service"]["of"]>>
  readonly options?: Partial<Options>
}

/** Fly Machines as a backend on a local Fly of its own; what it needs of the database is given. */
export const backendLayer = ({ env = {}, options, secrets = { secrets: [], version: null } }: Given = {}) =>
  MachineRuns.layer.pipe(
    Layer.provide([
      Layer.mock(Instance, { orchestratorId: Effect.succeed(orchestratorId) }),
      Layer.mock(MachineSecretsRepo, { of: () => Effect.succeed(secrets) }),
      Layer.mock(MachinesRepo, { upsert: () => Effect.void }),
      Layer.fresh(config({ SESSION_IMAGE: "images.test/session:1", ...env }))
    ]),
    Layer.provideMerge(client(options === undefined ? {} : { options }))
  )
