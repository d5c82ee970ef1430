import type { RunnerMode } from "../../src/domain/Modes.ts"
import type { Overview } from "../../src/domain/Overview.ts"
import type { RunnerModeState, SettingsInput, SettingsState } from "../../src/domain/Settings.ts"
import { OperationsApi } from "../../src/api/OperationsApi.ts"
import { calls } from "./client.ts"

const call = calls(OperationsApi)

export const getOverview = (signal?: AbortSignal): Promise<Overview> => call((api) => api.overview(), signal)

export const pollNow = (signal?: AbortSignal) => call((api) => api.poll(), signal)

export const setPaused = (paused: boolean, reason: string, signal?: AbortSignal) =>
  call((api) => api.pause({ payload: reason === "" ? { paused } : { paused, reason } }), signal)

export const getRunnerMode = (signal?: AbortSignal): Promise<RunnerModeState> =>
  call((api) => api.runnerMode(), signal)

export const setRunnerMode = (mode: RunnerMode, signal?: AbortSignal): Promise<RunnerModeState> =>
  call((api) => api.setRunnerMode({ payload: { mode } }), signal)

export const getSettings = (signal?: AbortSignal): Promise<SettingsState> =>
  call((api) => api.settings(), signal)

export const saveSettings = (payload: SettingsInput, signal?: AbortSignal): Promise<SettingsState> =>
  call((api) => api.saveSettings({ payload }), signal)
