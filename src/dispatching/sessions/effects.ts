import type { SessionEffect } from "../../domain/Session.ts"
import type { Progress } from "../dispatches/MachinesRepo.ts"

/** The effects of destroying a session, with the progress of its dispatch's settlement; null means all done. */
export const sessionEffects = (progress: Progress | null): ReadonlyArray<SessionEffect> => {
  const stateOf = (name: string) => {
    if (progress === null) return { done: true }
    const effect = progress.effects.find(({ effect }) => effect === name)
    if (effect === undefined) return { done: progress.ended }
    return effect.state === "pending"
      ? { done: false, nextTry: effect.nextAt }
      : { done: effect.state === "done" }
  }
  return [
    { effect: "machine", ...stateOf("machine") },
    { effect: "label", ...stateOf("labels") },
    { effect: "dedup", done: progress === null || !progress.inDedup }
  ]
}
