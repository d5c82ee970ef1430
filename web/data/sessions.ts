import { SessionsApi } from "../../src/api/SessionsApi.ts"
import type { Session } from "../../src/domain/Session.ts"
import { calls } from "./client.ts"

const call = calls(SessionsApi)

export const listSessions = (signal?: AbortSignal): Promise<ReadonlyArray<Session>> =>
  call((api) => api.list(), signal)

/** Destroys the machine; returns the steps and their progress. */
export const destroySession = (machineId: string, signal?: AbortSignal) =>
  call((api) => api.destroy({ params: { machineId } }), signal)
