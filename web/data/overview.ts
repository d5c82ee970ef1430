import { createContext } from "@lit/context"
import type { Overview } from "../../src/domain/Overview.ts"
import type { Failure } from "./Failure.ts"

export interface OverviewState {
  readonly value: Overview | undefined
  readonly failure: Failure | undefined
  readonly refresh: () => void
  readonly refreshAfterAction: () => void
}

/** How many slots are held, of all teams or of one; without an overview the maximum. */
export const usedSlots = (overview: Overview | undefined, team = "") =>
  overview === undefined
    ? Infinity
    : overview.teams
        .filter(({ teamKey }) => team === "" || teamKey === team)
        .reduce((sum, { used }) => sum + used, 0)

export const overviewContext = createContext<OverviewState>(Symbol("overview"))
