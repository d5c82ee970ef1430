import * as Effect from "effect/Effect"
import type { Control } from "../../src/sandbox/Upstream.ts"
import { eventually } from "./eventually.ts"

/** Keeps the next such call, or its answer, waiting until `letGo`; gives what waits until it is there. */
export const hold = (control: Control, match: string, _tag: "hold" | "holdAfter" = "hold") => {
  control.failNext({ match, action: { _tag } })
  return eventually(`a call ${match} is held`, Effect.sync(control.held), ({ length }) => length > 0)
}
