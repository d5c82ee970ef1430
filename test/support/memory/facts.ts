import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { FactsRepo, gatherFrom, type StoredFacts } from "../../../src/dispatching/issues/FactsRepo.ts"
import type { IssueId, TeamKey } from "../../../src/domain/Ids.ts"
import { closedStates } from "../../../src/domain/IssueState.ts"
import { hasLabel, occupyingLabels } from "../../../src/domain/Labels.ts"
import type { Phase } from "../../../src/domain/Modes.ts"
import { AppConfig } from "../../../src/platform/Config.ts"
import { Memory } from "./Memory.ts"
import type { Transaction } from "./Store.ts"
import * as t from "./tables.ts"

export const newestFirst = <Row extends { readonly id: string }>(rows: ReadonlyArray<Row>) =>
  rows.toSorted((a, b) => (a.id < b.id ? 1 : -1))

export const byId = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

export const dispatchesOf = (tx: Transaction, issueId: string) =>
  tx.all(t.dispatches).filter((row) => row.issueId === issueId)

/** The newest plan of an issue. */
export const newestPlan = (tx: Transaction, issueId: string) =>
  newestFirst(tx.all(t.plans).filter((plan) => plan.issueId === issueId))[0] ?? null

export const failureKey = (issueId: string, phase: Phase) => `${issueId}/${phase}`

const storedFacts =
  (readAt: DateTime.Utc) =>
  (tx: Transaction, issueId: string): StoredFacts => {
    const rows = newestFirst(dispatchesOf(tx, issueId))
    const unsettled = rows.find(({ settledAt }) => settledAt === null)
    const settledSince = rows.find(
      ({ settledAt }) => settledAt !== null && DateTime.isGreaterThanOrEqualTo(settledAt, readAt)
    )
    const [openPullRequest = null] = tx
      .all(t.pullRequests)
      .filter((each) => each.issueId === issueId && each.state === "open")
      .toSorted((a, b) => b.number - a.number)
    const plan = newestPlan(tx, issueId)
    const hold = tx.get(t.holds, issueId)
    const failures = (phase: Phase) => {
      const row = tx.get(t.failures, failureKey(issueId, phase))
      if (row === null) return null
      const { backoffUntil, failures, last, parkedAt } = row
      return { failures, backoffUntil, parkedAt, last }
    }
    return {
      issueId: issueId as IssueId,
      unsettled:
        unsettled === undefined
          ? null
          : {
              id: unsettled.id,
              phase: unsettled.phase,
              status: unsettled.status,
              ended: unsettled.outcome !== null,
              pending: tx
                .all(t.steps)
                .filter(({ dispatchId, state }) => dispatchId === unsettled.id && state === "pending")
                .map(({ effect }) => effect)
                .toSorted(byId),
              question: null
            },
      settledSince: settledSince === undefined ? null : { id: settledSince.id },
      openPullRequest: openPullRequest === null ? null : { url: openPullRequest.url },
      plan:
        plan === null || plan.withdrawnAt !== null
          ? null
          : {
              dispatchId: plan.dispatchId,
              finishedAt: plan.finishedAt,
              verdict: plan.verdict,
              approvalIgnored: plan.approvalIgnored
            },
      held: hold === null ? null : { by: hold.by, at: hold.at },
      dedupUntil: tx.get(t.dedup, issueId)?.expiresAt ?? null,
      planning: failures("planning"),
      implementation: failures("implementation")
    }
  }

const teamFacts = (now: DateTime.Utc) => (tx: Transaction, teamKey: TeamKey) => {
  const rows = tx.all(t.dispatches)
  const own = rows.filter((row) => row.teamKey === teamKey)
  const live = own.filter(({ outcome }) => outcome === null).map(({ issueId }) => issueId)
  const labelled = tx
    .all(t.issues)
    .filter(
      (issue) =>
        issue.team.key === teamKey &&
        issue.missing === 0 &&
        !closedStates.includes(issue.state.type) &&
        occupyingLabels.some((label) => hasLabel(issue.labels, label)) &&
        (issue.candidate ||
          tx.get(t.dedup, issue.id) !== null ||
          tx.all(t.failures).some(({ issueId }) => issueId === issue.id)) &&
        !rows.some(
          ({ issueId, settledAt }) =>
            issueId === issue.id &&
            (settledAt === null || DateTime.isGreaterThanOrEqualTo(settledAt, issue.seenAt))
        )
    )
    .map(({ id }) => id)
  const recent = own
    .map(({ reservedAt }) => reservedAt)
    .filter((at) => DateTime.isGreaterThan(at, DateTime.subtract(now, { hours: 1 })))
    .toSorted(DateTime.Order)
  const readiness = tx.get(t.readiness, teamKey)
  return {
    teamKey,
    used: new Set([...live, ...labelled]).size,
    lastHour: recent.length,
    oldestLastHour: recent[0] ?? null,
    readiness
  }
}

export const facts = Layer.effect(
  FactsRepo,
  Effect.gen(function* () {
    const { run } = yield* Memory
    const { MAX_DISPATCHES_PER_HOUR: perHour } = yield* AppConfig
    const stored = (ids: ReadonlyArray<string>, readAt: DateTime.Utc) =>
      run((tx) => ids.map((id) => storedFacts(readAt)(tx, id)))
    const teams = (keys: ReadonlyArray<string>, now: DateTime.Utc) =>
      run((tx) => keys.map((key) => teamFacts(now)(tx, key as TeamKey)))
    return FactsRepo.of({
      gather: gatherFrom({ perHour, stored, teams }),
      teams,
      mappings: run((tx) => tx.all(t.mappings)),
      lockMapping: (teamKey) =>
        run((tx) => {
          tx.lock(t.mappings, teamKey)
          return tx.get(t.mappings, teamKey)
        }),
      autoApprovesPlans: (teamKey) => run((tx) => tx.get(t.mappings, teamKey)?.autoApprovePlans === true)
    })
  })
)
