import type { Phase, SessionMode } from "../../domain/Modes.ts"
import { idOf } from "../github/State.ts"

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

export interface Question {
  readonly text: string
  readonly options: ReadonlyArray<string>
}

export const questionOf = ({ identifier }: Job): Question => ({
  text: `Two ways would do for ${identifier}: change the existing call, or add a second one beside it. Which?`,
  options: ["Change the existing call", "Add a second one"]
})

export const durationOf = ({ identifier, phase }: Job) =>
  phase === "planning" ? 3000 + (idOf(identifier) % 3000) : 6000 + (idOf(identifier) % 6000)

export const spentOn = ({ identifier, phase }: Job) => {
  const tokens = 20_000 + (idOf(`${identifier} ${phase}`) % 180_000)
  return { costUsd: Math.round(tokens / 800) / 100, tokens, turns: 4 + (tokens % 30) }
}

export const testsFailed = {
  reason: "agent_failed",
  message: "The tests did not pass after three attempts.",
  lines: [
    "FAIL src/rule.test.ts > keeps the old behaviour",
    "AssertionError: expected 2 to equal 3",
    "1 failed, 211 passed"
  ]
}
