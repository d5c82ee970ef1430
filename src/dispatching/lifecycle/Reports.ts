import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { RunLogRepo } from "../dispatches/RunLogRepo.ts"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"
import { TimelineRepo } from "../dispatches/TimelineRepo.ts"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import type { Report } from "../../domain/Report.ts"
import { Lifecycle } from "./Lifecycle.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import { Signals } from "../../platform/Signals.ts"
import { Settlement } from "./Settlement.ts"
import { checkReport, type CheckedReport, reported } from "./reported.ts"
import type { DispatchId } from "../../domain/Ids.ts"

/** The reports of runs, by call or artifact. */
export class Reports extends Context.Service<
  Reports,
  {
    /** Takes the first report of a dispatch, in one transaction with its consequences. A late one is recorded in the timeline. */
    readonly accept: (row: DispatchRow, report: Report) => Effect.Effect<CheckedReport>
  }
>()("ai-implement/dispatching/lifecycle/Reports") {
  static readonly layerNoDeps = Layer.effect(
    Reports,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const transitions = yield* TransitionsRepo
      const timeline = yield* TimelineRepo
      const settlement = yield* Settlement
      const lines = yield* RunLogRepo
      const lifecycle = yield* Lifecycle
      const signals = yield* Signals

      const take = Effect.fnUntraced(function* (id: DispatchId, report: Report) {
        const row = yield* transitions.noteReport(id, report)
        if (row === null) return null
        yield* lines.append(id, report.failure?.lines ?? [])
        const meaning = reported(row, report)
        if (meaning._tag === "Ends") {
          return yield* settlement.writeOutcome(id, meaning.outcome, null, meaning.plan)
        }
        yield* signals.notify(row.executionMode === "fly-machines" ? "machines" : "monitor")
        return yield* transitions.noteRunEnded(id)
      }, atomically)

      const accept: Reports["Service"]["accept"] = Effect.fn("Reports.accept")(function* (row, report) {
        const checked = checkReport(row, report)
        switch (checked._tag) {
          case "First": {
            const taken = yield* take(row.id, report)
            if (taken === null) {
              const now = yield* transitions.find(row.id)
              return now === null ? checked : yield* accept(now, report)
            }
            if (taken.outcome !== null) yield* lifecycle.ended(taken)
            return checked
          }
          case "Late":
            yield* timeline.addOnce(row.id, {
              type: "late_report_refused",
              message: `Ignored a report that came too late: ${report.outcome.replaceAll("_", " ")}`,
              facts: { outcome: report.outcome }
            })
            return checked
          case "Repeated":
          case "Foreign":
            return checked
        }
      })

      return Reports.of({ accept })
    })
  )
}
