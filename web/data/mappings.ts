import type { Mapping, MappingInput, MappingPatch } from "../../src/domain/Mapping.ts"
import { call } from "./client.ts"

export const listMappings = (signal?: AbortSignal): Promise<ReadonlyArray<Mapping>> =>
  call((api) => api.mappings.list(), signal)

/** Creates or updates by `teamKey`. */
export const saveMapping = (payload: MappingInput, signal?: AbortSignal): Promise<Mapping> =>
  call((api) => api.mappings.save({ payload }), signal)

export const patchMapping = (
  teamKey: string,
  payload: MappingPatch,
  signal?: AbortSignal
): Promise<Mapping> => call((api) => api.mappings.patch({ params: { teamKey }, payload }), signal)

export const deleteMapping = (teamKey: string, signal?: AbortSignal) =>
  call((api) => api.mappings.delete({ params: { teamKey }, query: {} }), signal)
