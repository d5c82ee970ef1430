import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { Mapping } from "../../domain/Mapping.ts"
import type { DispatchContext } from "../decision/DispatchContext.ts"
import { fingerprintOf } from "../decision/knownReadiness.ts"
import type { ReadinessRow } from "./ReadinessRepo.ts"

export const ReadinessPolicy = Context.Reference("ai-implement/ReadinessPolicy", {
  defaultValue: () => ({
    readyFor: Duration.minutes(10),
    notReadyFor: Duration.minutes(1),
    labelsFor: Duration.seconds(20),
    perPass: 20,
    budget: Duration.seconds(10)
  })
})
export type ReadinessPolicy = (typeof ReadinessPolicy)["Service"]

/** The mappings whose repositories are due for a check: those never checked first, then the least recent. */
export const dueOf = (
  mappings: ReadonlyArray<Mapping>,
  checks: ReadonlyArray<ReadinessRow>,
  context: DispatchContext,
  policy: ReadinessPolicy
): ReadonlyArray<Mapping> => {
  const last = new Map(checks.map((check) => [check.teamKey, check]))
  const dueAt = (mapping: Mapping) => {
    const check = last.get(mapping.teamKey)
    if (check === undefined || check.fingerprint !== fingerprintOf(mapping, context)) return -Infinity
    const age = check.ready ? policy.readyFor : policy.notReadyFor
    return DateTime.toEpochMillis(DateTime.addDuration(check.checkedAt, age))
  }
  const now = DateTime.toEpochMillis(context.now)
  return mappings
    .map((mapping) => ({ mapping, at: dueAt(mapping) }))
    .filter(({ at }) => at <= now)
    .toSorted((a, b) => (a.at === b.at ? 0 : a.at - b.at))
    .map(({ mapping }) => mapping)
}
