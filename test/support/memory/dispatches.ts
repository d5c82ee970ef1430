import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Struct from "effect/Struct"
import { deadlineMinutes } from "../../../src/dispatching/dispatches/DispatchRow.ts"
import { DispatchesRepo } from "../../../src/dispatching/dispatches/DispatchesRepo.ts"
import { PullRequestsRepo } from "../../../src/dispatching/dispatches/PullRequestsRepo.ts"
import { maxLogLines, RunLogRepo } from "../../../src/dispatching/dispatches/RunLogRepo.ts"
import { RunnerCredentialsRepo } from "../../../src/dispatching/dispatches/RunnerCredentialsRepo.ts"
import { SettlementsRepo } from "../../../src/dispatching/dispatches/SettlementsRepo.ts"
import * as event from "../../../src/dispatching/dispatches/timelineEvents.ts"
import { TimelineRepo } from "../../../src/dispatching/dispatches/TimelineRepo.ts"
import { maxRepositoryTokens, TransitionsRepo } from "../../../src/dispatching/dispatches/TransitionsRepo.ts"
import { Dispatch } from "../../../src/domain/Dispatch.ts"
import { statusOfOutcome } from "../../../src/domain/DispatchStatus.ts"
import type { DispatchId, IssueId } from "../../../src/domain/Ids.ts"
import type { Run } from "../../../src/domain/Dispatch.ts"
import { Memory, sqlOnly } from "./Memory.ts"
import type { Store, Transaction } from "./Store.ts"
import * as t from "./tables.ts"

const { pullRequest: _, pending: __, ...own } = Dispatch.fields
const ownFields = Struct.keys(own)

const padded = (id: number) => String(id).padStart(12, "0")

/** Adds an entry to the timeline of a dispatch. */
export const note = (
  store: Store,
  tx: Transaction,
  dispatchId: DispatchId,
  at: DateTime.Utc,
  entry: event.TimelineEvent
) => {
  const id = store.next()
  tx.put(t.events, padded(id), { id, dispatchId, at, ...entry })
}

const eventsOf = (tx: Transaction, id: DispatchId) =>
  tx.all(t.events).filter(({ dispatchId }) => dispatchId === id)

/** What `updateWaiting` stores. */
export const updateWaiting = (tx: Transaction, id: DispatchId) =>
  tx.update(t.dispatches, id, (row): t.StoredDispatch | null =>
    row.outcome !== null
      ? null
      : {
          ...row,
          waitingFor: tx.all(t.questions).some((q) => q.dispatchId === id && q.closedAt === null)
            ? "answer"
            : null
        }
  )

const timeline = Layer.effect(
  TimelineRepo,
  Effect.gen(function* () {
    const { run, store } = yield* Memory
    return TimelineRepo.of({
      insert: sqlOnly,
      recordChange: sqlOnly,
      add: (id, entry) => run((tx, now) => note(store, tx, id, now, entry)),
      addOnce: (id, entry) =>
        run((tx, now) => {
          const same = eventsOf(tx, id).some(
            ({ message, type }) => type === entry.type && message === entry.message
          )
          if (!same) note(store, tx, id, now, entry)
        }),
      addStep: (id, step) =>
        run((tx, now) => {
          const before = eventsOf(tx, id).filter(({ type }) => type === "step")
          if (before.length < 100 && before.at(-1)?.message !== step) {
            note(store, tx, id, now, { type: "step", message: step })
          }
        })
    })
  })
)

const transitions = Layer.effect(
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

const log = Layer.effect(
  DispatchesRepo,
  Effect.gen(function* () {
    const { run } = yield* Memory
    const shown = (tx: Transaction, row: t.StoredDispatch): Dispatch => {
      const [pullRequest = null] = tx
        .all(t.pullRequests)
        .filter(({ dispatchId }) => dispatchId === row.id)
        .toSorted((a, b) => b.number - a.number)
        .map(({ draft, number, state, url }) => ({ number, url, state, draft }))
      const pending = tx
        .all(t.steps)
        .filter(
          ({ dispatchId, state }) => dispatchId === row.id && state === "pending" && row.settledAt === null
        )
        .map(({ attempts, effect, lastError, nextAt }) => ({ effect, attempts, nextAt, lastError }))
      return { ...Struct.pick(row, ownFields), pullRequest, pending }
    }
    return DispatchesRepo.of({
      log: sqlOnly,
      events: sqlOnly,
      lines: sqlOnly,
      find: (id) =>
        run((tx) => {
          const row = tx.get(t.dispatches, id)
          return row === null ? null : shown(tx, row)
        }),
      isLatest: (id, issueId) =>
        run((tx) => !tx.all(t.dispatches).some((row) => row.issueId === issueId && row.id > id))
    })
  })
)

const runLog = Layer.effect(
  RunLogRepo,
  Effect.gen(function* () {
    const { run, store } = yield* Memory
    const linesOf = (tx: Transaction, id: DispatchId) =>
      tx.all(t.logLines).filter(({ dispatchId }) => dispatchId === id)
    return RunLogRepo.of({
      append: (dispatchId, lines) =>
        lines.length === 0
          ? Effect.void
          : run((tx) => {
              for (const text of lines.slice(-maxLogLines)) {
                const id = store.next()
                tx.put(t.logLines, padded(id), { id, dispatchId, text })
              }
              for (const { id } of linesOf(tx, dispatchId).slice(0, -maxLogLines))
                tx.remove(t.logLines, padded(id))
            }),
      last: (dispatchId, count) =>
        run((tx) =>
          linesOf(tx, dispatchId)
            .slice(-count)
            .map(({ text }) => text)
        )
    })
  })
)

const credentials = Layer.effect(
  RunnerCredentialsRepo,
  Effect.gen(function* () {
    const { run } = yield* Memory
    const random = yield* SecureRandom.SecureRandom
    return RunnerCredentialsRepo.of({
      issue: Effect.fnUntraced(function* (dispatchId, purpose) {
        const token = yield* random.uuidV4()
        yield* run((tx) => {
          for (const each of tx.all(t.credentials)) {
            if (purpose === "questions" && each.purpose === purpose && each.dispatchId === dispatchId) {
              tx.remove(t.credentials, each.token)
            }
          }
          tx.put(t.credentials, token, { token, dispatchId, purpose })
        })
        return Redacted.make(token)
      }),
      revoke: (token) => run((tx) => void tx.remove(t.credentials, Redacted.value(token))),
      holder: (token) =>
        run((tx) => {
          const found = tx.get(t.credentials, token)
          return found === null ? null : { dispatchId: found.dispatchId, purpose: found.purpose, hash: token }
        }),
      useOnce: (jti) =>
        run((tx) => {
          tx.lock(t.usedTokens, jti)
          if (tx.get(t.usedTokens, jti) !== null) return false
          tx.put(t.usedTokens, jti, { jti })
          return true
        })
    })
  })
)

const pullRequests = Layer.effect(
  PullRequestsRepo,
  Effect.gen(function* () {
    const { run, store } = yield* Memory
    const keyOf = (owner: string, repo: string, number: number) => `${owner}/${repo}/${number}`
    return PullRequestsRepo.of({
      open: run((tx) =>
        tx
          .all(t.pullRequests)
          .filter(({ state }) => state === "open")
          .map(({ number, owner, repo }) => ({ owner, repo, number }))
      ),
      upsert: ({ id, issueId, owner, repo }, { branch, draft, number, state, url }) =>
        run((tx) => {
          const key = keyOf(owner, repo, number)
          tx.lock(t.pullRequests, key)
          const before = tx.get(t.pullRequests, key)
          const added = { owner, repo, number, url, branch }
          tx.put(t.pullRequests, key, { ...(before ?? added), state, draft, dispatchId: id, issueId })
        }),
      update: ({ owner, repo }, now) =>
        run((tx, at) => {
          let ended = false
          for (const { draft, number, state } of now) {
            const seen = tx.update(t.pullRequests, keyOf(owner, repo, number), (row) =>
              row.state === "open" ? { ...row, state, draft } : null
            )
            if (seen === null || seen.state === "open") continue
            ended = true
            note(store, tx, seen.dispatchId, at, {
              ...event.pullRequestEnded({ number, state }),
              facts: { number, url: seen.url }
            })
          }
          return ended
        }),
      reopened: ({ number, owner, repo }) =>
        run((tx, at) => {
          const seen = tx.update(
            t.pullRequests,
            keyOf(owner, repo, number),
            (row): t.StoredPullRequest | null => (row.state === "open" ? null : { ...row, state: "open" })
          )
          if (seen === null) return
          note(store, tx, seen.dispatchId, at, {
            ...event.pullRequestReopened(number),
            facts: { number, url: seen.url }
          })
        })
    })
  })
)

const settlements = Layer.effect(
  SettlementsRepo,
  Effect.gen(function* () {
    const { run, store } = yield* Memory
    const random = yield* SecureRandom.SecureRandom
    const keyOf = (row: { readonly dispatchId: string; readonly effect: string }) =>
      `${row.dispatchId}/${row.effect}`
    const commentIds = (tx: Transaction, issueId: IssueId | string) => [
      ...tx
        .all(t.steps)
        .filter(
          ({ body, dispatchId }) =>
            body.text !== undefined && tx.get(t.dispatches, dispatchId)?.issueId === issueId
        )
        .map(({ key }) => key),
      ...tx
        .all(t.questions)
        .filter((question) => question.issueId === issueId)
        .flatMap(({ closingCommentId, commentId }) => [commentId, closingCommentId])
    ]
    const end = (
      row: Parameters<SettlementsRepo["Service"]["effectDone"]>[0],
      set: Partial<t.StoredStep>,
      entry: event.TimelineEvent
    ) =>
      run((tx, now) => {
        const changed = tx.update(t.steps, keyOf(row), (step) =>
          step.state === "pending" ? { ...step, ...set, attempts: step.attempts + 1 } : null
        )
        if (changed !== null) note(store, tx, row.dispatchId, now, entry)
        return changed !== null
      })
    return SettlementsRepo.of({
      commentIds: (issueId) => run((tx) => commentIds(tx, issueId)),
      add: Effect.fnUntraced(function* (dispatchId, effects) {
        const keys = yield* Effect.forEach(effects, () => random.uuidV4())
        yield* run((tx, now) =>
          effects.forEach(({ effect, ...body }, index) => {
            const key = keyOf({ dispatchId, effect })
            if (tx.get(t.steps, key) !== null) throw new Error(`duplicate key ${key}`)
            tx.put(t.steps, key, {
              dispatchId,
              effect,
              key: keys[index] ?? "",
              body,
              attempts: 0,
              refusals: 0,
              nextAt: now,
              createdAt: now,
              state: "pending",
              lastError: null
            })
          })
        )
      }),
      pendingEffects: (id) =>
        run((tx) =>
          tx
            .all(t.steps)
            .filter(({ dispatchId, state }) => dispatchId === id && state === "pending")
            .toSorted((a, b) => (a.effect < b.effect ? 1 : -1))
        ),
      effectDone: (row, message) =>
        Effect.asVoid(end(row, { state: "done", lastError: null }, event.stepDone(row.effect, message))),
      effectFailed: (row, error, nextAt, refused) =>
        run((tx) => {
          tx.update(t.steps, keyOf(row), (step) =>
            step.state === "pending"
              ? {
                  ...step,
                  attempts: step.attempts + 1,
                  refusals: step.refusals + (refused ? 1 : 0),
                  lastError: error,
                  nextAt
                }
              : null
          )
        }),
      effectGivenUp: (row, error) =>
        end(row, { state: "given_up", lastError: error }, event.stepGivenUp(row.effect, error))
    })
  })
)

export const layer = Layer.mergeAll(
  timeline,
  transitions,
  log,
  runLog,
  credentials,
  pullRequests,
  settlements
)
