import { createContext } from "@lit/context"
import type { Overview } from "../../src/domain/Overview.ts"
import type { Failure } from "./Failure.ts"

export interface OverviewState {
  readonly value: Overview | undefined
  readonly failure: Failure | undefined
  readonly refresh: () => void
}

/** What the shell keeps fresh for every page. */
export const overviewContext = createContext<OverviewState>(Symbol("overview"))
