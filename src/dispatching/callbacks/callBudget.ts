import { runnerLimits } from "../../domain/RunnerLimits.ts"

// Below zero after a body that was larger than the rest.
export interface CallBudget {
  readonly calls: number
  readonly bytes: number
  readonly atMillis: number
}

const { maxBytesPerSecond, maxCallsPerSecond } = runnerLimits

const refilled = (budget: CallBudget | undefined, nowMillis: number): CallBudget => {
  const seconds = budget === undefined ? 0 : Math.max(0, nowMillis - budget.atMillis) / 1000
  const { bytes, calls } = budget ?? { calls: maxCallsPerSecond, bytes: maxBytesPerSecond }
  return {
    calls: Math.min(maxCallsPerSecond, calls + seconds * maxCallsPerSecond),
    bytes: Math.min(maxBytesPerSecond, bytes + seconds * maxBytesPerSecond),
    atMillis: nowMillis
  }
}

export const isFull = (budget: CallBudget, nowMillis: number) => {
  const { bytes, calls } = refilled(budget, nowMillis)
  return calls === maxCallsPerSecond && bytes === maxBytesPerSecond
}

// `retryAfter` in seconds. A refused call costs nothing.
export const spend = (
  budget: CallBudget | undefined,
  bytes: number,
  nowMillis: number
): { readonly budget: CallBudget; readonly retryAfter: number } => {
  const left = refilled(budget, nowMillis)
  const wait = Math.max((1 - left.calls) / maxCallsPerSecond, -left.bytes / maxBytesPerSecond, 0)
  return wait > 0
    ? { budget: left, retryAfter: Math.ceil(wait) }
    : { budget: { ...left, calls: left.calls - 1, bytes: left.bytes - bytes }, retryAfter: 0 }
}
