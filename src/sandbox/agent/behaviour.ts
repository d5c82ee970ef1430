import type { Phase, SessionMode } from "../../domain/Modes.ts"

/** What an agent is to do. */
export interface Job {
  readonly phase: Phase
  readonly identifier: string
  readonly title: string
  /** `owner/repo` */
  readonly repo: string
  readonly branch: string
  readonly sessionMode: SessionMode
  /** Why a person rejected the last plan. */
  readonly planFeedback: string | null
}

/** `silent`: it ends well and leaves nothing. `hangs`: until it is stopped. `cancelled`: by somebody at the vendor's. */
export type Ending =
  | "delivered"
  | "no_change"
  | "verification_failed"
  | "failed"
  | "silent"
  | "hangs"
  | "cancelled"

/** How an agent goes about a job. */
export interface Behaviour {
  readonly ending: Ending
  readonly asks: boolean
}

/** Delivers; asks where a person is to be asked. */
export const defaultBehaviour = ({ phase, sessionMode }: Job): Behaviour => ({
  ending: "delivered",
  asks: phase === "implementation" && sessionMode === "interactive"
})
