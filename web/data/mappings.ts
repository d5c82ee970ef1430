import type { Mapping, MappingInput, MappingPatch } from "../../src/domain/Mapping.ts"
import type { Readiness } from "../../src/domain/Readiness.ts"
import type { WorkflowSync } from "../../src/domain/Templates.ts"
import { MappingsApi } from "../../src/api/MappingsApi.ts"
import { calls } from "./client.ts"
import { StoredTeamKey } from "../../src/domain/Ids.ts"

const call = calls(MappingsApi)

export const listMappings = (signal?: AbortSignal): Promise<ReadonlyArray<Mapping>> =>
  call((api) => api.list(), signal)

export const saveMapping = (payload: MappingInput, signal?: AbortSignal): Promise<Mapping> =>
  call((api) => api.save({ payload }), signal)

export const patchMapping = (
  teamKey: string,
  payload: MappingPatch,
  signal?: AbortSignal
): Promise<Mapping> =>
  call((api) => api.patch({ params: { teamKey: StoredTeamKey.make(teamKey) }, payload }), signal)

export const deleteMapping = (teamKey: string, secrets: "keep" | "delete", signal?: AbortSignal) =>
  call((api) => api.delete({ params: { teamKey: StoredTeamKey.make(teamKey) }, query: { secrets } }), signal)

/** Opens or updates the pull request with the files that the mapping's repository needs. */
export const syncWorkflows = (teamKey: string, signal?: AbortSignal): Promise<WorkflowSync> =>
  call((api) => api.sync({ params: { teamKey: StoredTeamKey.make(teamKey) } }), signal)

/** Checks now whether the mapping's repository has what its dispatches need. */
export const getReadiness = (teamKey: string, signal?: AbortSignal): Promise<Readiness> =>
  call((api) => api.readiness({ params: { teamKey: StoredTeamKey.make(teamKey) } }), signal)
