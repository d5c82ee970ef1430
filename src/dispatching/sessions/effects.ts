import type { Destruction, SessionEffect } from "../../domain/Session.ts"
import type { Progress } from "../dispatches/MachinesRepo.ts"

/** How far a session is destroyed, by the progress of its dispatch's settlement; null means all done. */
export const destructionOf = (progress: Progress | null): Destruction => {
  const stateOf = (name: string) => {
    if (progress === null) return { done: true }
    const effect = progress.effects.find(({ effect }) => effect === name)
    if (effect === undefined) return { done: progress.ended }
    return effect.state === "pending"
      ? { done: false, nextTry: effect.nextAt }
      : { done: effect.state === "done" }
  }
  const machine: SessionEffect = { effect: "machine", ...stateOf("machine") }
  return {
    destroyed: machine.done,
    effects: [
      machine,
      { effect: "label", ...stateOf("labels") },
      { effect: "dedup", done: progress === null || !progress.inDedup }
    ]
  }
}
