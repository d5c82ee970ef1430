import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Lines } from "../dispatches/RunLogRepo.ts"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"
import { Settlements } from "../dispatches/SettlementsRepo.ts"
import { Transitions } from "../dispatches/TransitionsRepo.ts"
import type { Report } from "../../domain/Report.ts"
import { Lifecycle } from "./Lifecycle.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import { Wakes } from "../../platform/Signals.ts"
import { judgeReport, type Judged, reported } from "./reported.ts"

/** What runs report, in whichever way it came. */
export class Reports extends Context.Service<
  Reports,
  {
    /** Takes the first report of a dispatch, in one transaction with what it means. One that comes late is noted. */
    readonly accept: (row: DispatchRow, report: Report) => Effect.Effect<Judged>
  }
>()("ai-implement/Lifecycle/Reports") {
  static readonly layerNoDeps = Layer.effect(
    Reports,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const transitions = yield* Transitions
      const settlements = yield* Settlements
      const lines = yield* Lines
      const lifecycle = yield* Lifecycle
      const wakes = yield* Wakes

      /** The row after the report, or null when it was not the first after all. */
      const take = Effect.fnUntraced(function* (id: string, report: Report) {
        const row = yield* transitions.noteReport(id, report)
        if (row === null) return null
        yield* lines.append(id, report.failure?.lines ?? [])
        const meaning = reported(row, report)
        if (meaning._tag === "Ends") {
          return yield* settlements.writeOutcome(id, meaning.outcome, null, meaning.plan)
        }
        yield* wakes.wake(row.executionMode === "fly-machines" ? "machines" : "monitor")
        return yield* transitions.noteRunEnded(id)
      }, atomically)

      const accept: Reports["Service"]["accept"] = Effect.fn("Reports.accept")(function* (row, report) {
        const judged = judgeReport(row, report)
        switch (judged._tag) {
          case "First": {
            const taken = yield* take(row.id, report)
            if (taken === null) {
              const now = yield* transitions.find(row.id)
              return now === null ? judged : yield* accept(now, report)
            }
            if (taken.outcome !== null) yield* lifecycle.ended(taken)
            return judged
          }
          case "Late":
            yield* transitions.noteOnce(row.id, {
              type: "late_report_refused",
              message: `A report came too late and was not taken: ${report.outcome.replaceAll("_", " ")}`,
              facts: { outcome: report.outcome }
            })
            return judged
          case "Repeated":
          case "Foreign":
            return judged
        }
      })

      return Reports.of({ accept })
    })
  )
}
