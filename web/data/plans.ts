import { PlansApi } from "../../src/api/PlansApi.ts"
import { StoredDispatchId } from "../../src/domain/Ids.ts"
import type { PlanHistory } from "../../src/domain/Plan.ts"
import { calls } from "./client.ts"

const call = calls(PlansApi)

/** The plans of the issue of a dispatch, newest first. */
export const getPlans = (dispatchId: string, signal?: AbortSignal): Promise<PlanHistory> =>
  call((api) => api.get({ params: { dispatchId: StoredDispatchId.make(dispatchId) } }), signal)
