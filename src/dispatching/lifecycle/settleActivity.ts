import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type DispatchRow, placeOf } from "../dispatches/DispatchRow.ts"
import { type EffectRow, SettlementsRepo } from "../dispatches/SettlementsRepo.ts"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import type { SettlementStep } from "../../domain/Dispatch.ts"
import { decideRetry } from "../../domain/retry.ts"
import { Tracker } from "../../upstreams/Tracker.ts"
import { IssuesRepo } from "../issues/IssuesRepo.ts"
import { PlansRepo } from "../plans/PlansRepo.ts"
import { RunBackends } from "../../upstreams/RunBackends.ts"
import { Settlement } from "./Settlement.ts"
import { againAt, done, type Step, StepRetry } from "./step.ts"
import type { DispatchId } from "../../domain/Ids.ts"

// Each of these waits for the one before: `Plan-Complete` comes when the whole plan is there to read.
const sequence: ReadonlyArray<SettlementStep> = ["plan_1", "plan_2", "plan_3", "labels"]

const open = (pending: ReadonlyArray<EffectRow>) => {
  const first = sequence.find((name) => pending.some(({ effect }) => effect === name))
  return pending.filter(({ effect }) => effect === first || !sequence.includes(effect))
}

const destroyMachine = Effect.fnUntraced(function* (row: DispatchRow) {
  const runBackends = yield* RunBackends
  const place = placeOf(row)
  const known =
    row.run === null
      ? runBackends.find({ place, dispatchId: row.id, since: row.reservedAt }).pipe(
          Effect.map((found) => found.map(({ run }) => run)),
          Effect.catchIf(
            ({ reason }) => reason._tag === "NotFound",
            () => Effect.succeed([])
          )
        )
      : Effect.succeed([row.run])
  for (const run of yield* known) yield* runBackends.stop({ place, run, force: true })
})

const perform = Effect.fnUntraced(function* (row: DispatchRow, pending: EffectRow) {
  const tracker = yield* Tracker
  const settlements = yield* SettlementsRepo
  const issues = yield* IssuesRepo
  const plans = yield* PlansRepo
  switch (pending.effect) {
    case "labels": {
      const names = yield* tracker.change({
        issueId: row.issueId,
        teamId: row.linearTeamId,
        add: pending.body.add ?? [],
        remove: pending.body.remove ?? [],
        start: false
      })
      yield* issues.setLabels(row.issueId, names)
      yield* plans.noteLabels(row.id, names)
      return yield* settlements.effectDone(pending, "Updated the labels")
    }
    case "plan_1":
    case "plan_2":
    case "plan_3":
    case "comment":
    case "parked_comment":
      yield* tracker.comment({ id: pending.key, issueId: row.issueId, body: pending.body.text ?? "" })
      return yield* settlements.effectDone(pending, "Commented on the issue")
    case "machine":
      yield* destroyMachine(row)
      return yield* settlements.effectDone(pending, "Destroyed the machine")
  }
})

const attempt = Effect.fn("Lifecycle.settle.effect")(function* (row: DispatchRow, pending: EffectRow) {
  const settlement = yield* Settlement
  const settlements = yield* SettlementsRepo
  const retry = yield* StepRetry
  return yield* perform(row, pending).pipe(
    Effect.catchTag("UpstreamError", (error) =>
      Effect.gen(function* () {
        const now = yield* DateTime.now
        const refused = error.upstream === "linear" && error.reason._tag === "Rejected"
        const decision = decideRetry(
          retry,
          { attempts: pending.attempts + 1, firstAt: pending.createdAt, now },
          {
            permanent:
              error.reason._tag === "NotFound" || (refused && pending.refusals + 1 >= retry.maxRefusals),
            ...(refused && { retryAfter: retry.refusedWait })
          }
        )
        if (decision._tag === "Again") {
          return yield* settlements.effectFailed(pending, error.message, decision.at, refused)
        }
        yield* settlement.giveUp(pending, error.message)
        return yield* Effect.logWarning(
          `Gave up ${pending.effect} of ${row.issueIdentifier}: ${error.message}`
        )
      })
    )
  )
})

/** Tries every due step once; `Done` when all are done or given up and the dispatch is settled. */
export const settleOnce = Effect.fn("Lifecycle.settle")(function* (
  dispatchId: DispatchId
): Effect.fn.Return<
  Step,
  never,
  Tracker | RunBackends | TransitionsRepo | SettlementsRepo | Settlement | IssuesRepo | PlansRepo
> {
  const transitions = yield* TransitionsRepo
  const settlements = yield* SettlementsRepo
  const row = yield* transitions.find(dispatchId)
  if (row === null || row.settledAt !== null) return done
  const pending = Effect.map(settlements.pendingEffects(dispatchId), open)
  for (;;) {
    const now = yield* DateTime.now
    const due = (yield* pending).filter(({ nextAt }) => DateTime.isLessThanOrEqualTo(nextAt, now))
    if (due.length === 0) break
    yield* Effect.forEach(due, (effect) => attempt(row, effect), { concurrency: 3, discard: true })
  }
  const [first] = (yield* pending).toSorted((a, b) => DateTime.Order(a.nextAt, b.nextAt))
  if (first !== undefined) return againAt(first.nextAt, yield* DateTime.now)
  yield* transitions.settle(dispatchId)
  return done
})
