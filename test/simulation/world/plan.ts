import { type MappingFields, mappingDefaults } from "../../../src/domain/Mapping.ts"
import type { Chance } from "./Chance.ts"

/** What a seed makes of its world: how large it is, and how often what goes wrong. */
export interface Plan {
  readonly replicas: number
  readonly issues: number
  readonly callback: boolean
  readonly mapping: MappingFields
  /** Minutes until the calm. */
  readonly troubled: number
  readonly kill: number
  readonly freeze: number
  readonly database: number
  readonly lostAnswer: number
  readonly refusal: number
  readonly duplicate: number
  readonly outage: number
  readonly people: number
}

export const planOf = (chance: Chance): Plan => {
  // Most worlds have a few kinds of trouble, so that one does not hide what another would show.
  const trouble = (probability: number) => (chance.is(0.45) ? probability * (0.3 + chance.next()) : 0)
  return {
    replicas: chance.pick([1, 1, 2]),
    issues: chance.pick([1, 1, 1, 2, 3]),
    callback: chance.is(0.7),
    mapping: {
      ...mappingDefaults,
      owner: "acme",
      repo: "app",
      maxInProgressAiIssues: chance.pick([1, 1, 2, 3]),
      planningEnabled: chance.is(0.3),
      autoApprovePlans: chance.is(0.5),
      sessionMode: chance.pick(["autonomous", "autonomous", "interactive", "hybrid"]),
      deadlineMinutes: chance.pick([5, 5, 8, 12])
    },
    troubled: chance.between(3, 12),
    kill: trouble(0.003),
    freeze: trouble(0.002),
    database: trouble(0.004),
    lostAnswer: trouble(0.25),
    refusal: trouble(0.2),
    duplicate: trouble(0.3),
    outage: trouble(0.5),
    people: trouble(1)
  }
}
