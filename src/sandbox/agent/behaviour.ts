import type { Phase, SessionMode } from "../../domain/Modes.ts"

export interface Job {
  readonly phase: Phase
  readonly identifier: string
  readonly title: string
  readonly repo: string
  readonly branch: string
  readonly sessionMode: SessionMode
  readonly planFeedback: string | null
}

/** `silent`: it ends well and leaves nothing. `hangs`: until it is stopped. `cancelled`: by someone at the vendor. */
export type Ending =
  | "delivered"
  | "no_change"
  | "verification_failed"
  | "failed"
  | "silent"
  | "hangs"
  | "cancelled"

export interface Behaviour {
  readonly ending: Ending
  readonly asks: boolean
}

export const defaultBehaviour = ({ phase, sessionMode }: Job): Behaviour => ({
  ending: "delivered",
  asks: phase === "implementation" && sessionMode === "interactive"
})
