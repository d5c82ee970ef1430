import { TrialsApi } from "../../src/api/ConnectionTestsApi.ts"
import type { Trial, TrialSubject } from "../../src/domain/ConnectionTest.ts"
import { calls } from "./client.ts"

const call = calls(TrialsApi)

/** Tries a setting now; answers what happened. */
export const trySetting = (what: TrialSubject, signal?: AbortSignal): Promise<Trial> =>
  call((api) => api.try({ params: { what } }), signal)
