import type { Dispatch, DispatchEvent, Logs } from "../../src/domain/Dispatch.ts"
import type { DispatchStatus } from "../../src/domain/DispatchStatus.ts"
import { DispatchesApi } from "../../src/api/DispatchesApi.ts"
import { calls } from "./client.ts"
import { StoredDispatchId, StoredTeamKey } from "../../src/domain/Ids.ts"

const call = calls(DispatchesApi)

export interface LogQuery {
  readonly team?: string
  readonly status?: DispatchStatus
  readonly limit?: number
}

export const listDispatches = (
  { team, ...query }: LogQuery,
  signal?: AbortSignal
): Promise<ReadonlyArray<Dispatch>> =>
  call(
    (api) =>
      api.log({ query: { ...query, ...(team === undefined ? {} : { team: StoredTeamKey.make(team) }) } }),
    signal
  )

const unended = ["reserved", "launching", "uncertain", "running", "stopping"] as const

/** The newest, and all that have not ended: `live` of them, as far as is known. */
export const listWithLive = async (query: LogQuery, live: number, signal?: AbortSignal) => {
  const newest = await listDispatches(query, signal)
  const isAll = newest.length < (query.limit ?? 500)
  if (isAll || newest.filter(({ outcome }) => outcome === null).length >= live) return newest
  const older = await Promise.all(unended.map((status) => listDispatches({ ...query, status }, signal)))
  const known = new Set(newest.map(({ id }) => id))
  return [
    ...newest,
    ...older
      .flat()
      .filter(({ id }) => !known.has(id))
      .toSorted((a, b) => (a.id < b.id ? 1 : -1))
  ]
}

export const getDispatch = (id: string, signal?: AbortSignal): Promise<Dispatch> =>
  call((api) => api.get({ params: { id: StoredDispatchId.make(id) } }), signal)

export const listEvents = (id: string, signal?: AbortSignal): Promise<ReadonlyArray<DispatchEvent>> =>
  call((api) => api.events({ params: { id: StoredDispatchId.make(id) } }), signal)

export const cancelDispatch = (id: string, signal?: AbortSignal): Promise<Dispatch> =>
  call((api) => api.cancel({ params: { id: StoredDispatchId.make(id) } }), signal)

export const retryDispatch = (id: string, signal?: AbortSignal): Promise<Dispatch> =>
  call((api) => api.retry({ params: { id: StoredDispatchId.make(id) } }), signal)

export const getLogs = (id: string, signal?: AbortSignal): Promise<Logs> =>
  call((api) => api.logs({ params: { id: StoredDispatchId.make(id) } }), signal)
