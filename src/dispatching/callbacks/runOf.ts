import * as Effect from "effect/Effect"
import { DispatchConflict } from "../dispatches/Dispatches.ts"
import { type DispatchRow, placeOf } from "../dispatches/DispatchRow.ts"
import type { Run } from "../../domain/Dispatch.ts"
import type { RunBackends } from "../../upstreams/RunBackends.ts"
import { UpstreamError } from "../../upstreams/UpstreamError.ts"
import type { Worker } from "./Callers.ts"

const notItsRun = (row: DispatchRow) =>
  new DispatchConflict({ message: `This run does not belong to ${row.issueIdentifier}. End without work.` })

const notYetVisible = new UpstreamError({
  upstream: "fly",
  operation: "find",
  reason: { _tag: "Unavailable", delivery: "unknown" },
  message: "Fly does not list this machine yet. Nothing was claimed; try again in a few seconds."
})

/** The run of a claimant whose launch is not confirmed yet; null when it is. Fails for a run of another dispatch. */
export const makeRunOf = (runs: RunBackends["Service"]) => {
  const unconfirmed = Effect.fnUntraced(function* (caller: Worker) {
    const { row } = caller
    const place = placeOf(row)
    if (caller._tag === "Machine") {
      const [machine] = yield* runs.find({ place, dispatchId: row.id, since: row.reservedAt })
      return machine ?? (yield* notYetVisible)
    }
    const named = { kind: "github", id: caller.runId, url: "" } as const
    const found = yield* runs.list({ place, since: row.reservedAt, runs: [named] })
    return found.find(
      ({ dispatchId, run }) => dispatchId === row.id && run.kind === "github" && run.id === caller.runId
    )
  })

  return Effect.fn("Runner.runOf")(function* (
    caller: Worker
  ): Effect.fn.Return<Run | null, DispatchConflict | UpstreamError> {
    const { row } = caller
    if (row.run?.kind === "github" && caller._tag === "Job" && row.run.id !== caller.runId) {
      return yield* notItsRun(row)
    }
    if (row.run !== null || row.outcome !== null) return null
    const found = yield* unconfirmed(caller)
    return found === undefined ? yield* notItsRun(row) : found.run
  })
}
