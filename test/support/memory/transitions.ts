import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { deadlineMinutes } from "../../../src/dispatching/dispatches/DispatchRow.ts"
import * as event from "../../../src/dispatching/dispatches/timelineEvents.ts"
import { maxRepositoryTokens, TransitionsRepo } from "../../../src/dispatching/dispatches/TransitionsRepo.ts"
import { statusOfOutcome } from "../../../src/domain/DispatchStatus.ts"
import type { DispatchId } from "../../../src/domain/Ids.ts"
import type { Run } from "../../../src/domain/Dispatch.ts"
import { Memory, sqlOnly } from "./Memory.ts"
import type { Transaction } from "./Store.ts"
import * as t from "./tables.ts"
import { note, eventsOf, updateWaiting } from "./timeline.ts"

export const transitions = Layer.effect(
  TransitionsRepo,
  Effect.gen(function* () {
    const { run, store } = yield* Memory

    const change = (
      id: DispatchId,
      where: (row: t.StoredDispatch, tx: Transaction) => boolean,
      set: (row: t.StoredDispatch, now: DateTime.Utc) => Partial<t.StoredDispatch>,
      entry: event.TimelineEvent | null
    ) =>
      run((tx, now) => {
        const row = tx.update(t.dispatches, id, (row) =>
          where(row, tx) ? { ...row, ...set(row, now) } : null
        )
        if (row !== null && entry !== null) note(store, tx, id, now, entry)
        return row
      })

    const quiet = (...args: [DispatchId, Parameters<typeof change>[1], Parameters<typeof change>[2]]) =>
      Effect.asVoid(change(...args, null))

    const live = (row: t.StoredDispatch) => row.outcome === null
    const launching = (attempt: number) => (row: t.StoredDispatch) =>
      row.status === "launching" && row.launchAttempt === attempt && live(row)

    const confirm = (found: Run) => (row: t.StoredDispatch, now: DateTime.Utc) =>
      ({
        status: row.stopRequestedAt === null ? "running" : "stopping",
        run: found,
        startedAt: now,
        deadlineAt: DateTime.add(now, { minutes: deadlineMinutes(row) })
      }) as const
    const unconfirmed = (row: t.StoredDispatch) =>
      (row.status === "launching" || row.status === "uncertain") && live(row)

    return TransitionsRepo.of({
      reserve: sqlOnly,
      find: (id) => run((tx) => tx.get(t.dispatches, id)),
      beginLaunch: (id, previous, leaseUntil, undeclaredInputs) =>
        change(
          id,
          (row) =>
            ["reserved", "launching", "uncertain"].includes(row.status) &&
            row.launchAttempt === previous &&
            live(row) &&
            row.stopRequestedAt === null,
          (row) => ({
            status: "launching",
            launchAttempt: row.launchAttempt + 1,
            launchLeaseUntil: leaseUntil,
            launchResends: row.launchResends + (row.status === "uncertain" ? 1 : 0),
            launchLookups: 0,
            launchLookedUpAt: null,
            launchUndeclaredInputs: undeclaredInputs
          }),
          event.launchStarted(previous + 1)
        ),
      release: (id, attempt, why) =>
        change(
          id,
          launching(attempt),
          () => ({ status: "reserved", launchLeaseUntil: null }),
          event.notSent(attempt, why)
        ),
      noteUndeclaredInputs: (id, attempt, inputs) =>
        change(
          id,
          launching(attempt),
          () => ({ status: "reserved", launchLeaseUntil: null, launchUndeclaredInputs: inputs }),
          event.inputsUndeclared(inputs)
        ),
      markUncertain: (id, attempt, why) =>
        change(
          id,
          launching(attempt),
          (row, now) => ({ status: "uncertain", launchUncertainAt: row.launchUncertainAt ?? now }),
          event.launchUncertain(attempt, why)
        ),
      recordLaunchLookup: (id, attempt) =>
        change(
          id,
          (row) => row.status === "uncertain" && row.launchAttempt === attempt && live(row),
          (row, now) => ({ launchLookups: row.launchLookups + 1, launchLookedUpAt: now }),
          event.runNotFound(attempt)
        ),
      markRunning: (id, found) => change(id, unconfirmed, confirm(found), event.runStarted(found)),
      claim: (id, claimant, found) =>
        run((tx, now) => {
          const confirmed =
            found !== null &&
            tx.update(t.dispatches, id, (row) =>
              unconfirmed(row) ? { ...row, ...confirm(found)(row, now) } : null
            )
          if (confirmed && found !== null) note(store, tx, id, now, event.runStarted(found))
          const row = tx.update(t.dispatches, id, (row) =>
            row.status === "running" && live(row) && row.claimedBy === null
              ? { ...row, claimedBy: claimant, claimedAt: now, runBegunAt: row.runBegunAt ?? now }
              : null
          )
          if (row !== null) note(store, tx, id, now, event.claimed(claimant))
          return row
        }),
      noteReport: (id, report) =>
        change(
          id,
          (row) => live(row) && row.report === null,
          () => ({
            report,
            costUsd: report.costUsd ?? null,
            tokens: report.tokens ?? null,
            turns: report.turns ?? null,
            model: report.model ?? null,
            sessionId: report.sessionId ?? null,
            permissionDenials: report.permissionDenials ?? null
          }),
          event.reported(report)
        ),
      countRepositoryToken: (id, claimant, repository) =>
        change(
          id,
          (row) =>
            live(row) &&
            row.stopRequestedAt === null &&
            row.claimedBy === claimant &&
            row.repositoryTokens < maxRepositoryTokens,
          (row) => ({ repositoryTokens: row.repositoryTokens + 1 }),
          event.repositoryToken(repository)
        ),
      recordArtifactCheck: (id) =>
        quiet(
          id,
          () => true,
          (_, now) => ({ artifactLookedUpAt: now })
        ),
      markAnnounced: (id) =>
        change(
          id,
          (row) => row.announcedAt === null,
          (_, now) => ({ announcedAt: now }),
          event.announced
        ),
      requestStop: (id, stop) =>
        change(
          id,
          (row) => live(row) && row.stopRequestedAt === null,
          (row, now) => ({
            stopRequestedAt: now,
            stopRequestedBy: stop.by,
            stopReason: stop.reason,
            status: row.status === "running" ? "stopping" : row.status
          }),
          event.stopRequested(stop)
        ),
      noteRunEnded: (id) =>
        change(
          id,
          (row) => live(row) && row.runEndedAt === null,
          (_, now) => ({ runEndedAt: now }),
          event.runEnded
        ),
      recordPullRequestCheck: (id) =>
        quiet(id, live, ({ pullRequestLooks }) => ({ pullRequestLooks: pullRequestLooks + 1 })),
      noteRunMissing: (id, missing) => quiet(id, live, () => ({ runMissing: missing })),
      noteRunBegun: (id) =>
        Effect.asVoid(
          change(
            id,
            (row) => live(row) && row.runBegunAt === null,
            (_, now) => ({ runBegunAt: now, runMissing: 0 }),
            event.runBegun
          )
        ),
      noteRunHeld: (id, state) =>
        run((tx, now) => {
          tx.update(t.dispatches, id, (row) => (live(row) ? { ...row, runHeldAt: now, runMissing: 0 } : null))
          const held = event.runHeld(state)
          const same = eventsOf(tx, id).some(
            ({ message, type }) => type === held.type && message === held.message
          )
          if (!same) note(store, tx, id, now, held)
        }),
      updateWaiting: (id) => run((tx) => void updateWaiting(tx, id)),
      end: (id, outcome) =>
        change(
          id,
          live,
          (_, now) => ({ outcome, status: statusOfOutcome(outcome.kind), finishedAt: now, waitingFor: null }),
          event.ended(outcome)
        ),
      settle: (id) =>
        change(
          id,
          (row, tx) =>
            row.outcome !== null &&
            row.settledAt === null &&
            !tx.all(t.steps).some(({ dispatchId, state }) => dispatchId === id && state === "pending"),
          (_, now) => ({ settledAt: now }),
          event.settled
        ),
      nextGeneration: (id, current) =>
        change(
          id,
          (row) => row.workflowGeneration === current && row.settledAt === null,
          () => ({ workflowGeneration: current + 1 }),
          event.resumed(current + 1)
        ),
      unsettledToCheck: (limit) =>
        run((tx, now) => {
          const unsettled = tx.all(t.dispatches).filter(({ settledAt }) => settledAt === null)
          const order = (row: t.StoredDispatch) =>
            `${row.workflowCheckedAt === null ? "" : DateTime.formatIso(row.workflowCheckedAt)}/${row.id}`
          const ranked = [true, false].flatMap((ended) =>
            unsettled
              .filter(({ outcome }) => (outcome !== null) === ended)
              .toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
              .map((row, rank) => ({ row, rank: rank * 2 + (ended ? 0 : 1) }))
          )
          return ranked
            .toSorted((a, b) => a.rank - b.rank)
            .slice(0, limit)
            .map(({ row }) => {
              const checked = { ...row, workflowCheckedAt: now }
              tx.put(t.dispatches, row.id, checked)
              return checked
            })
        }),
      settledWithWorkflow: (before) =>
        run((tx) =>
          tx
            .all(t.dispatches)
            .filter(
              (row) =>
                row.settledAt !== null &&
                row.workflowClearedAt === null &&
                DateTime.isLessThan(row.settledAt, before)
            )
            .map(({ id, workflowGeneration }) => ({ id, workflowGeneration }))
        ),
      recordWorkflowCleared: (id, at) =>
        run((tx) => {
          tx.update(t.dispatches, id, (row) => ({ ...row, workflowClearedAt: at }))
          return []
        }),
      live: run((tx) =>
        tx
          .all(t.dispatches)
          .filter(live)
          .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      )
    })
  })
)
