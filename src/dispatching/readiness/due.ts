import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { Mapping } from "../../domain/Mapping.ts"
import type { DispatchContext } from "../decision/DispatchContext.ts"
import { fingerprintOf } from "../decision/knownReadiness.ts"
import type { ReadinessRow } from "./ReadinessRepo.ts"

/** How often repositories are looked at. Tests shorten it; nothing else does. */
export const ReadinessPolicy = Context.Reference("ai-implement/ReadinessPolicy", {
  defaultValue: () => ({
    readyFor: Duration.minutes(10),
    notReadyFor: Duration.minutes(1),
    /** What one pass spends on it at most. */
    perPass: 20,
    budget: Duration.seconds(10)
  })
})
export type ReadinessPolicy = (typeof ReadinessPolicy)["Service"]

/** The mappings whose repositories are to be looked at now: never seen first, then those seen longest ago. */
export const dueOf = (
  mappings: ReadonlyArray<Mapping>,
  looks: ReadonlyArray<ReadinessRow>,
  context: DispatchContext,
  policy: ReadinessPolicy
): ReadonlyArray<Mapping> => {
  const seen = new Map(looks.map((look) => [look.teamKey, look]))
  const dueAt = (mapping: Mapping) => {
    const look = seen.get(mapping.teamKey)
    if (look === undefined || look.fingerprint !== fingerprintOf(mapping, context)) return -Infinity
    const age = look.ready ? policy.readyFor : policy.notReadyFor
    return DateTime.toEpochMillis(DateTime.addDuration(look.checkedAt, age))
  }
  const now = DateTime.toEpochMillis(context.now)
  return mappings
    .map((mapping) => ({ mapping, at: dueAt(mapping) }))
    .filter(({ at }) => at <= now)
    .toSorted((a, b) => (a.at === b.at ? 0 : a.at - b.at))
    .map(({ mapping }) => mapping)
}
