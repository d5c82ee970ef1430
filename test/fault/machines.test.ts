import { describe, it } from "@effect/vitest"
import { stepsOfAny } from "./calls.ts"
import { atEachStep, duringCalls, type Interrupted } from "./killRun.ts"

const fly = { upstream: "fly" } as const
const created: NonNullable<Interrupted["seen"]> = ({ machinesOf }, identifier) =>
  machinesOf(identifier).length > 0
const destroyed: NonNullable<Interrupted["seen"]> = ({ machinesOf }, identifier) =>
  machinesOf(identifier).every(({ state }) => state === "destroying" || state === "destroyed")

const ofOne: ReadonlyArray<Interrupted> = [
  { ...fly, operation: "Machines_create", action: "hang" },
  { ...fly, operation: "Machines_create", action: "hangAfter", seen: created }
]

const shared: ReadonlyArray<Interrupted> = [
  { ...fly, operation: "Machines_list", action: "hang", since: created },
  { ...fly, operation: "Machines_delete", action: "hang" },
  { ...fly, operation: "Machines_delete", action: "hangAfter", seen: destroyed }
]

describe("a service killed by kill -9 and started again", { timeout: 480_000 }, () => {
  it.live(
    "before or after any step of a dispatch on Fly makes one machine, which is destroyed in the end",
    () =>
      atEachStep("machine", {
        spans: [...stepsOfAny, "Fly.create", "Settlement.writeOutcome", "Fly.destroy"]
      })
  )

  it.live("while an upstream handles a call of a dispatch (machine), or before its answer, does so too", () =>
    duringCalls("machine", { shared, ofOne })
  )
})
