import { SecretsApi } from "../../src/api/SecretsApi.ts"
import type { Secret, TeamSecretInput } from "../../src/domain/Secrets.ts"
import { calls } from "./client.ts"
import { StoredTeamKey } from "../../src/domain/Ids.ts"

const call = calls(SecretsApi)

/** The names of one team's secrets, or (null) of those for every team. */
export const listSecrets = (teamKey: string | null, signal?: AbortSignal): Promise<ReadonlyArray<Secret>> =>
  teamKey === null
    ? call((api) => api.listGlobal(), signal)
    : call((api) => api.list({ params: { teamKey: StoredTeamKey.make(teamKey) } }), signal)

export const setSecret = (teamKey: string | null, payload: TeamSecretInput, signal?: AbortSignal) =>
  teamKey === null
    ? call((api) => api.setGlobal({ payload }), signal)
    : call((api) => api.set({ params: { teamKey: StoredTeamKey.make(teamKey) }, payload }), signal)

export const deleteSecret = (teamKey: string | null, name: string, signal?: AbortSignal) =>
  teamKey === null
    ? call((api) => api.deleteGlobal({ params: { name } }), signal)
    : call((api) => api.delete({ params: { teamKey: StoredTeamKey.make(teamKey), name } }), signal)
