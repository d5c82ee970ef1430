import type { RunnerMode } from "../../src/domain/Modes.ts"
import type { Overview } from "../../src/domain/Overview.ts"
import type { RunnerModeState, SettingsInput, SettingsState } from "../../src/domain/Settings.ts"
import { call } from "./client.ts"

export const getOverview = (signal?: AbortSignal): Promise<Overview> =>
  call((api) => api.operations.overview(), signal)

/** Asks for one pass now. */
export const pollNow = (signal?: AbortSignal) => call((api) => api.operations.poll(), signal)

export const setPaused = (paused: boolean, reason: string, signal?: AbortSignal) =>
  call((api) => api.operations.pause({ payload: reason === "" ? { paused } : { paused, reason } }), signal)

export const getRunnerMode = (signal?: AbortSignal): Promise<RunnerModeState> =>
  call((api) => api.operations.runnerMode(), signal)

export const setRunnerMode = (mode: RunnerMode, signal?: AbortSignal): Promise<RunnerModeState> =>
  call((api) => api.operations.setRunnerMode({ payload: { mode } }), signal)

export const getSettings = (signal?: AbortSignal): Promise<SettingsState> =>
  call((api) => api.operations.settings(), signal)

export const saveSettings = (payload: SettingsInput, signal?: AbortSignal): Promise<SettingsState> =>
  call((api) => api.operations.saveSettings({ payload }), signal)
