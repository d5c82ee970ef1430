import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { DecisionsRepo } from "../../../src/dispatching/issues/DecisionsRepo.ts"
import { DedupRepo } from "../../../src/dispatching/issues/DedupRepo.ts"
import { FailuresRepo } from "../../../src/dispatching/issues/FailuresRepo.ts"
import { HoldsRepo } from "../../../src/dispatching/issues/HoldsRepo.ts"
import { IssuesRepo } from "../../../src/dispatching/issues/IssuesRepo.ts"
import { ReadinessRepo } from "../../../src/dispatching/readiness/ReadinessRepo.ts"
import type { FailureState } from "../../../src/domain/Failures.ts"
import type { Issue } from "../../../src/domain/Issue.ts"
import type { DispatchId, IssueId } from "../../../src/domain/Ids.ts"
import type { PlannedIssue } from "../../../src/dispatching/decision/decideAll.ts"
import { Memory, sqlOnly } from "./Memory.ts"
import type { Transaction } from "./Store.ts"
import * as t from "./tables.ts"
import { byId, dispatchesOf, facts, failureKey, newestFirst } from "./facts.ts"

const dedup = Layer.effect(
  DedupRepo,
  Effect.gen(function* () {
    const { run } = yield* Memory
    return DedupRepo.of({
      insert: sqlOnly,
      list: run((tx, now) =>
        tx.all(t.dedup).filter(({ expiresAt }) => DateTime.isGreaterThan(expiresAt, now))
      ),
      find: (ref) =>
        run(
          (tx) =>
            tx
              .all(t.dedup)
              .find(
                ({ issueId, issueIdentifier }) =>
                  issueId === ref.toLowerCase() || issueIdentifier.toUpperCase() === ref.toUpperCase()
              )?.issueId ?? null
        ),
      expire: () =>
        run((tx, now) => {
          for (const { expiresAt, issueId } of tx.all(t.dedup)) {
            if (DateTime.isLessThanOrEqualTo(expiresAt, now)) tx.remove(t.dedup, issueId)
          }
        }),
      remove: (issueIds) => run((tx) => issueIds.map((id) => tx.remove(t.dedup, id)).includes(true))
    })
  })
)

const failures = Layer.effect(
  FailuresRepo,
  Effect.gen(function* () {
    const { run } = yield* Memory
    return FailuresRepo.of({
      lock: (issueId, phase) =>
        run((tx) => {
          const key = failureKey(issueId, phase)
          const row = tx.get(t.failures, key)
          if (row === null) return null
          tx.lock(t.failures, key)
          const { backoffUntil, failures, last, parkedAt } = row
          return { failures, backoffUntil, parkedAt, last }
        }),
      put: (issueId, phase, state) =>
        run((tx) => {
          const key = failureKey(issueId, phase)
          if (state === null) tx.remove(t.failures, key)
          else tx.put(t.failures, key, { issueId, phase, ...state })
        }),
      park: (issueId, phase, why) =>
        run((tx, now) => {
          const key = failureKey(issueId, phase)
          tx.lock(t.failures, key)
          const before = tx.get(t.failures, key) ?? {
            issueId,
            phase,
            failures: 0,
            backoffUntil: null,
            parkedAt: null
          }
          tx.put(t.failures, key, { ...before, parkedAt: before.parkedAt ?? now, last: why })
        }),
      clear: (issueIds) =>
        run((tx) => {
          const cleared = tx.all(t.failures).filter(({ issueId }) => issueIds.includes(issueId))
          for (const { issueId, phase } of cleared) tx.remove(t.failures, failureKey(issueId, phase))
          return {
            backoff: cleared.some(({ backoffUntil }) => backoffUntil !== null),
            parked: cleared.some(({ parkedAt }) => parkedAt !== null)
          }
        })
    })
  })
)

const holds = Layer.effect(
  HoldsRepo,
  Effect.gen(function* () {
    const { run } = yield* Memory
    return HoldsRepo.of({
      hold: (dispatchId: DispatchId, by: string) =>
        run((tx, now) => {
          const row = tx.get(t.dispatches, dispatchId)
          if (row === null || row.outcome !== null) return
          tx.lock(t.dispatches, dispatchId)
          tx.lock(t.holds, row.issueId)
          if (tx.get(t.holds, row.issueId) !== null) return
          tx.put(t.holds, row.issueId, { issueId: row.issueId, by, at: now })
        }),
      put: (issueId, by, at) =>
        run((tx) => {
          tx.lock(t.holds, issueId)
          if (tx.get(t.holds, issueId) === null) tx.put(t.holds, issueId, { issueId, by, at })
        }),
      release: (issueIds) => run((tx) => issueIds.map((id) => tx.remove(t.holds, id)).includes(true))
    })
  })
)

const shown = (tx: Transaction, issue: t.StoredIssue, decision: t.StoredDecision): Issue => {
  const failures = (["planning", "implementation"] as const).map((phase) =>
    tx.get(t.failures, failureKey(issue.id, phase))
  )
  const latest = (of: (state: FailureState) => DateTime.Utc | null) =>
    failures
      .flatMap((state) => (state === null ? [] : (of(state) ?? [])))
      .toSorted(DateTime.Order)
      .at(-1) ?? null
  const hold = tx.get(t.holds, issue.id)
  const { missing: _, ...decided } = decision
  return {
    ...decided,
    identifier: issue.identifier,
    title: issue.title,
    url: issue.url,
    teamKey: issue.team.key,
    priority: issue.priority,
    state: { name: issue.state.name, type: issue.state.type },
    labels: issue.labels,
    dispatchId: newestFirst(dispatchesOf(tx, issue.id))[0]?.id ?? null,
    dedupExpiresAt: tx.get(t.dedup, issue.id)?.expiresAt ?? null,
    failures: {
      planning: failures[0]?.failures ?? 0,
      implementation: failures[1]?.failures ?? 0,
      backoffUntil: latest(({ backoffUntil }) => backoffUntil),
      parkedAt: latest(({ parkedAt }) => parkedAt)
    },
    held: hold === null ? null : { by: hold.by, at: hold.at }
  }
}

const trackedPerPass = 50

const issues = Layer.effect(
  IssuesRepo,
  Effect.gen(function* () {
    const { run } = yield* Memory
    const storeIssues: IssuesRepo["Service"]["storeIssues"] = (read, missing, readAt) =>
      run((tx) => {
        const stored = new Set<IssueId>()
        for (const issue of read) {
          tx.lock(t.issues, issue.id)
          const before = tx.get(t.issues, issue.id)
          if (before !== null && DateTime.isGreaterThan(before.seenAt, readAt)) continue
          tx.put(t.issues, issue.id, { ...issue, seenAt: readAt, missing: 0, missingSince: null })
          stored.add(issue.id)
        }
        for (const id of missing) {
          tx.update(t.issues, id, (row) =>
            DateTime.isGreaterThan(row.seenAt, readAt)
              ? null
              : {
                  ...row,
                  missing: row.missing + 1,
                  missingSince: row.missingSince ?? readAt,
                  seenAt: readAt
                }
          )
        }
        return stored
      })
    return IssuesRepo.of({
      tracked: run((tx) => {
        const ids = new Set([
          ...tx.all(t.dispatches).flatMap(({ issueId, settledAt }) => (settledAt === null ? issueId : [])),
          ...tx.all(t.dedup).map(({ issueId }) => issueId),
          ...tx.all(t.failures).map(({ issueId }) => issueId),
          ...tx.all(t.holds).map(({ issueId }) => issueId)
        ])
        const seenAt = (id: IssueId) => {
          const issue = tx.get(t.issues, id)
          return issue === null ? 0 : DateTime.toEpochMillis(issue.seenAt)
        }
        return [...ids].toSorted((a, b) => seenAt(a) - seenAt(b) || byId(a, b)).slice(0, trackedPerPass)
      }),
      storeIssues,
      storeUnreadable: (issues, readAt) =>
        run((tx) => {
          for (const issue of issues) {
            const before = tx.get(t.issues, issue.id)
            if (before !== null && DateTime.isGreaterThan(before.seenAt, readAt)) continue
            const { candidate } = issue
            const seen = { candidate, seenAt: readAt, missing: 0, missingSince: null }
            tx.put(t.issues, issue.id, { ...(before ?? issue), ...seen })
          }
        }),
      keepCandidates: (issueIds, readAt) =>
        run((tx) => {
          for (const issue of tx.all(t.issues)) {
            const remains = issueIds.includes(issue.id) || DateTime.isGreaterThan(issue.seenAt, readAt)
            if (issue.candidate && !remains) tx.put(t.issues, issue.id, { ...issue, candidate: false })
          }
        }),
      absent: (since) =>
        run((tx) =>
          tx.all(t.dispatches).flatMap(({ issueId, outcome }) => {
            const issue = tx.get(t.issues, issueId)
            if (outcome !== null || issue === null || issue.missing < 2 || issue.missingSince === null)
              return []
            return DateTime.isLessThanOrEqualTo(issue.missingSince, since) ? issueId : []
          })
        ),
      list: (filter) =>
        run((tx) =>
          tx
            .all(t.decisions)
            .flatMap((decision) => {
              const issue = tx.get(t.issues, decision.issueId)
              return issue === null ? [] : shown(tx, issue, decision)
            })
            .filter(
              ({ identifier, issueId, reason, teamKey }) =>
                (filter.team === undefined || teamKey === filter.team) &&
                (filter.reason === undefined || reason?._tag === filter.reason) &&
                (filter.issue === undefined ||
                  issueId === filter.issue.toLowerCase() ||
                  identifier.toUpperCase() === filter.issue.toUpperCase())
            )
            .toSorted((a, b) => DateTime.Order(b.since, a.since) || byId(a.identifier, b.identifier))
        ),
      unsettled: (issueId) =>
        run((tx) => {
          const row = dispatchesOf(tx, issueId).find(({ settledAt }) => settledAt === null)
          return row === undefined ? null : { id: row.id, ended: row.outcome !== null }
        }),
      setLabels: (issueId, labels) =>
        run((tx) => void tx.update(t.issues, issueId, (issue) => ({ ...issue, labels }))),
      upsert: (issue, readAt) => storeIssues([{ ...issue, candidate: true }], [], readAt)
    })
  })
)

const decisions = Layer.effect(
  DecisionsRepo,
  Effect.gen(function* () {
    const { run } = yield* Memory
    const put = (tx: Transaction, planned: ReadonlyArray<PlannedIssue>, passId: string, at: DateTime.Utc) => {
      for (const { decision, facts } of planned) {
        const issueId = facts.issue.id
        tx.lock(t.decisions, issueId)
        const before = tx.get(t.decisions, issueId)
        if (before !== null && DateTime.isGreaterThan(before.since, at)) continue
        const reason = decision.kind === "wait" ? decision.reason : null
        const same = before?.decision === decision.kind && before.reason?._tag === reason?._tag
        tx.put(t.decisions, issueId, {
          issueId,
          decision: decision.kind,
          phase: decision.kind === "dispatch" ? decision.phase : null,
          reason,
          since: same ? before.since : at,
          passId,
          missing: 0
        })
      }
    }
    return DecisionsRepo.of({
      store: (passId, epoch, at, planned) =>
        run((tx) => {
          const current = tx.get(t.instance, t.instanceKey)?.pollerEpoch === epoch
          if (current) put(tx, planned, passId, at)
          for (const row of tx.all(t.decisions)) {
            const missing = current && row.passId !== passId ? row.missing + 1 : row.missing
            if (missing >= 2) tx.put(t.decisions, row.issueId, null)
            else if (missing !== row.missing) tx.put(t.decisions, row.issueId, { ...row, missing })
          }
        }),
      decided: (issueId) =>
        run((tx) => {
          const decision = tx.get(t.decisions, issueId)
          const issue = tx.get(t.issues, issueId)
          if (decision === null || issue === null) return null
          const { candidate: _, missing: __, missingSince: ___, ...read } = issue
          return { ...read, passId: decision.passId }
        }),
      replace: (planned, passId, at) => run((tx) => put(tx, planned, passId, at))
    })
  })
)

const readiness = Layer.effect(
  ReadinessRepo,
  Effect.gen(function* () {
    const { run } = yield* Memory
    return ReadinessRepo.of({
      lastChecks: (teamKeys) =>
        run((tx) => tx.all(t.readiness).filter(({ teamKey }) => teamKeys.includes(teamKey))),
      save: ({ checkedAt, fingerprint, teamKey }, { problems, undeclaredInputs }) =>
        run((tx) => {
          if (tx.get(t.mappings, teamKey) === null) return
          tx.lock(t.readiness, teamKey)
          const before = tx.get(t.readiness, teamKey)
          if (before !== null && DateTime.isGreaterThan(before.checkedAt, checkedAt)) return
          const ready = problems.length === 0
          tx.put(t.readiness, teamKey, { teamKey, fingerprint, checkedAt, ready, problems, undeclaredInputs })
        }),
      invalidate: (teamKey) =>
        run((tx) => void tx.update(t.readiness, teamKey, (row) => ({ ...row, fingerprint: "" })))
    })
  })
)

export const layer = Layer.mergeAll(facts, dedup, failures, holds, issues, decisions, readiness)
