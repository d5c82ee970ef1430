import type { Mapping, MappingInput, MappingPatch } from "../../src/domain/Mapping.ts"
import { MappingsApi } from "../../src/api/Mappings.ts"
import { calls } from "./client.ts"

const call = calls(MappingsApi)

export const listMappings = (signal?: AbortSignal): Promise<ReadonlyArray<Mapping>> =>
  call((api) => api.list(), signal)

/** Creates or updates by `teamKey`. */
export const saveMapping = (payload: MappingInput, signal?: AbortSignal): Promise<Mapping> =>
  call((api) => api.save({ payload }), signal)

export const patchMapping = (
  teamKey: string,
  payload: MappingPatch,
  signal?: AbortSignal
): Promise<Mapping> => call((api) => api.patch({ params: { teamKey }, payload }), signal)

export const deleteMapping = (teamKey: string, signal?: AbortSignal) =>
  call((api) => api.delete({ params: { teamKey }, query: {} }), signal)
