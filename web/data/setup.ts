import { SetupApi } from "../../src/api/SetupApi.ts"
import { StoredTeamKey } from "../../src/domain/Ids.ts"
import type { ManifestForm, ManifestInput, Setup, SetupLines, TestIssue } from "../../src/domain/Setup.ts"
import { calls } from "./client.ts"

const call = calls(SetupApi)

const team = (teamKey: string) => ({ payload: { teamKey: StoredTeamKey.make(teamKey) } })

export const getSetup = (signal?: AbortSignal): Promise<Setup> => call((api) => api.get(), signal)

export const setPollingOnly = (pollingOnly: boolean) =>
  call((api) => api.setPollingOnly({ payload: { pollingOnly } }))

export const prepareApp = (payload: ManifestInput): Promise<ManifestForm> =>
  call((api) => api.prepareApp({ payload }))

export const receiveApp = (code: string, state: string): Promise<SetupLines> =>
  call((api) => api.receiveApp({ payload: { code, state } }))

export const createWebhook = (): Promise<SetupLines> => call((api) => api.createWebhook())

export const createLabel = (teamKey: string) => call((api) => api.createLabel(team(teamKey)))

export const createTestIssue = (teamKey: string): Promise<TestIssue> =>
  call((api) => api.createTestIssue(team(teamKey)))

export const removeTestIssue = () => call((api) => api.removeTestIssue())
