import { defaultBehaviour, type Ending, type Job, type Behaviour } from "./agent/behaviour.ts"

const endings: Readonly<Record<string, Ending>> = {
  "ENG-33 planning": "failed",
  "ENG-35": "failed",
  "ENG-36": "silent",
  "ENG-38": "no_change",
  "ENG-41": "verification_failed",
  "ENG-43": "hangs",
  "WEB-12": "failed",
  "WEB-20": "cancelled"
}

const asking = new Set(["WEB-14"])

const endless = /^endless\b/i

/** The demo's agents deliver, except for a few issues: each outcome has its own. "Endless" titles are never done. */
export const demoBehaviour = (job: Job): Behaviour => {
  const { identifier, phase, title } = job
  const { asks, ending } = defaultBehaviour(job)
  if (endless.test(title)) return { ending: "hangs", asks: false }
  return {
    ending: endings[phase === "planning" ? `${identifier} planning` : identifier] ?? ending,
    asks: asks || asking.has(identifier)
  }
}
