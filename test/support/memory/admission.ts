import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { AdmissionRepo } from "../../../src/dispatching/admission/AdmissionRepo.ts"
import type { History, Reservation } from "../../../src/dispatching/admission/reservation.ts"
import { DispatchRow } from "../../../src/dispatching/dispatches/DispatchRow.ts"
import { reserved } from "../../../src/dispatching/dispatches/timelineEvents.ts"
import { StoredIssueId } from "../../../src/domain/Ids.ts"
import { sameRepository } from "../../../src/upstreams/CodeHost.ts"
import { note } from "./timeline.ts"
import { newestPlan } from "./facts.ts"
import { Memory } from "./Memory.ts"
import type { Transaction } from "./Store.ts"
import * as t from "./tables.ts"

const columns = {
  waitingFor: null,
  stopRequestedAt: null,
  stopRequestedBy: null,
  stopReason: null,
  outcome: null,
  run: null,
  runBegunAt: null,
  runHeldAt: null,
  runEndedAt: null,
  runMissing: 0,
  pullRequestLooks: 0,
  costUsd: null,
  tokens: null,
  turns: null,
  model: null,
  sessionId: null,
  permissionDenials: null,
  claimedBy: null,
  claimedAt: null,
  report: null,
  repositoryTokens: 0,
  artifactLookedUpAt: null,
  launchAttempt: 0,
  launchResends: 0,
  launchLeaseUntil: null,
  launchUncertainAt: null,
  launchLookups: 0,
  launchLookedUpAt: null,
  announcedAt: null,
  workflowGeneration: 1,
  startedAt: null,
  deadlineAt: null,
  finishedAt: null,
  settledAt: null
}

const decode = Schema.decodeUnknownSync(DispatchRow)

const rowOf = (reservation: Reservation): t.StoredDispatch => ({
  ...decode({
    ...columns,
    ...reservation,
    extraEnv: JSON.parse(reservation.extraEnv),
    launchUndeclaredInputs: JSON.parse(reservation.launchUndeclaredInputs)
  }),
  workflowCheckedAt: null,
  workflowClearedAt: null
})

const historyOf = (
  tx: Transaction,
  { id, phase }: { readonly id: string; readonly phase: string },
  repository: { readonly owner: string; readonly repo: string },
  number: number | null
): History => {
  const own = tx.all(t.dispatches).filter(({ issueId }) => issueId === id)
  const [open] = tx
    .all(t.pullRequests)
    .filter((each) => each.issueId === id && each.state === "open" && sameRepository(each, repository))
    .toSorted((a, b) => Number(b.number === number) - Number(a.number === number) || b.number - a.number)
  const plan = newestPlan(tx, id)
  return {
    issueId: StoredIssueId.make(id),
    attempts: own.filter((row) => row.phase === phase).length,
    branches: new Set(own.flatMap((row) => (row.phase === "implementation" ? row.branch : []))).size,
    openBranch: open?.branch ?? null,
    openNumber: open?.number ?? null,
    plan:
      plan === null
        ? null
        : {
            id: plan.id,
            documents: plan.documents,
            withdrawn: plan.withdrawnAt !== null,
            verdict: plan.verdict,
            reason: plan.reason
          }
  }
}

export const layer = Layer.effect(
  AdmissionRepo,
  Effect.gen(function* () {
    const { run, store } = yield* Memory
    return AdmissionRepo.of({
      instance: run((tx) => {
        const { paused, pollerEpoch } = tx.get(t.instance, t.instanceKey) ?? t.noInstance
        return { paused, pollerEpoch }
      }),
      history: (issues, repository, number) =>
        run(
          (tx) =>
            new Map(
              issues.map((each) => [StoredIssueId.make(each.id), historyOf(tx, each, repository, number)])
            )
        ),
      reserve: (reservations, at) =>
        run((tx) => {
          const now = DateTime.makeUnsafe(at)
          return reservations.flatMap((reservation) => {
            const row = rowOf(reservation)
            tx.lock(t.dispatches, `unsettled/${row.issueId}`)
            const taken = tx
              .all(t.dispatches)
              .some(({ issueId, settledAt }) => issueId === row.issueId && settledAt === null)
            if (taken) return []
            tx.put(t.dispatches, row.id, row)
            const { trigger, workflowFile, ref, launchUndeclaredInputs: leftOut } = row
            note(store, tx, row.id, now, { ...reserved, facts: { trigger, workflowFile, ref, leftOut } })
            if (row.phase === "planning") {
              for (const plan of tx.all(t.plans)) {
                const withdrawn =
                  plan.issueId === row.issueId && plan.withdrawnAt === null && plan.verdict !== "rejected"
                if (withdrawn) tx.put(t.plans, plan.id, { ...plan, withdrawnAt: now })
              }
            } else {
              tx.put(t.dedup, row.issueId, {
                issueId: row.issueId,
                issueIdentifier: row.issueIdentifier,
                issueTitle: row.issueTitle,
                dispatchId: row.id,
                dispatchedAt: now,
                expiresAt: DateTime.add(now, { hours: 24 })
              })
            }
            return [row]
          })
        })
    })
  })
)
