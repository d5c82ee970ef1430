import type { Destruction, SessionEffect } from "../../src/domain/Session.ts"

const effect: Record<SessionEffect["effect"], string> = {
  machine: "the machine",
  label: "the label",
  dedup: "the dedup entry"
}

export const words = {
  empty: "No session runs",
  emptyHint:
    "A session is a Fly Machine that implements one issue. Mappings that run on Fly Machines start them; their dispatches are in the log.",
  toMappings: "See the mappings",
  noneMatch: "No session matches the search",
  columns: {
    state: "State",
    machine: "Machine",
    issue: "Issue",
    title: "Title",
    repository: "Repository",
    region: "Region",
    size: "Size",
    age: "Age"
  },
  size: (cpus: number, memoryMb: number) => `${cpus} × ${memoryMb} MB`,
  noDispatch: "no dispatch here",
  destroy: "Destroy",
  destroyTitle: (machine: string) => `Destroy machine ${machine}?`,
  destroyBody: (issue: string | undefined) =>
    issue === undefined
      ? "The machine is stopped at once and removed; what it has not pushed is lost."
      : `The machine is stopped at once and removed; what it has not pushed is lost. AI-Working is removed from ${issue} and its dedup entry, backoff and parking are cleared, so the next pass may dispatch it again.`,
  destroyDo: "Destroy the machine",
  destroyed: (machine: string, { destroyed, effects }: Destruction) => {
    const state = `Machine ${machine} is ${destroyed ? "" : "being "}destroyed`
    const pending = effects.filter(({ done }) => !done).map((each) => effect[each.effect])
    return pending.length === 0 ? `${state}.` : `${state}; still to do: ${pending.join(", ")}.`
  }
} as const
