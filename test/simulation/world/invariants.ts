import * as DateTime from "effect/DateTime"
import { statusOfOutcome } from "../../../src/domain/DispatchStatus.ts"
import type { Change, Table } from "../../support/memory/Store.ts"
import { keepsDedup } from "../../../src/domain/Failures.ts"
import { closedStates } from "../../../src/domain/IssueState.ts"
import { hasLabel, occupyingLabels } from "../../../src/domain/Labels.ts"
import * as t from "../../support/memory/tables.ts"
import { pickup, type TrueRun } from "./Upstreams.ts"
import type { World } from "./World.ts"

const of = <Row extends object>(changes: ReadonlyArray<Change>, table: Table<Row>) =>
  changes.filter(
    (change) => change.table === (table as unknown as Table<object>)
  ) as unknown as ReadonlyArray<{
    readonly before: Row | null
    readonly after: Row | null
  }>

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

const writtenOnce = ["outcome", "finishedAt", "settledAt", "run", "claimedBy", "report"] as const

/** What must hold after every commit. */
export const checkCommit = (world: World, changes: ReadonlyArray<Change>) => {
  const { store } = world
  const issueOf = (id: string) => world.upstreams.issues.find((issue) => issue.id === id)
  const ends = of(changes, t.dispatches).flatMap(({ after, before }) =>
    before?.outcome == null && after !== null && after.outcome !== null
      ? [{ ...after, outcome: after.outcome }]
      : []
  )

  for (const { after, before } of of(changes, t.dispatches)) {
    if (after === null) {
      world.violate("a dispatch was removed")
      continue
    }
    const name = `the dispatch of ${after.issueIdentifier}`
    if (before === null) {
      const cap = world.plan.mapping.maxInProgressAiIssues
      const rows = store.all(t.dispatches)
      const live = rows.filter(({ outcome }) => outcome === null).length
      if (live > cap) world.violate(`${live} dispatches live at once, and the team's cap is ${cap}`)
      const unsettled = rows.filter(
        ({ issueId, settledAt }) => issueId === after.issueId && settledAt === null
      )
      if (unsettled.length > 1) world.violate(`${after.issueIdentifier} has two unsettled dispatches`)
      continue
    }
    for (const field of writtenOnce) {
      if (before[field] !== null && !same(before[field], after[field])) {
        world.violate(`${field} of ${name} was overwritten`)
      }
    }
    if (after.outcome !== null && after.status !== statusOfOutcome(after.outcome.kind)) {
      world.violate(`${name} has ended, and its status is ${after.status}`)
    }
    if (before.stopReason === null && after.stopReason !== null) {
      const was = issueOf(after.issueId)?.was
      const cause = (
        { issue_canceled: "closed", issue_deleted: "deleted", pickup_label_removed: "unlabelled" } as const
      )[after.stopReason as string]
      if (cause !== undefined && was?.has(cause) !== true) {
        world.violate(`${name} was stopped for ${after.stopReason}, which is not so`)
      }
    }
  }

  for (const { after, before } of of(changes, t.dedup)) {
    if (before === null || after !== null) continue
    const was = issueOf(before.issueId)?.was
    const end = ends.find(({ issueId }) => issueId === before.issueId)
    const due = DateTime.isLessThanOrEqualTo(before.expiresAt, world.now)
    const justified =
      due || was?.has("closed") || was?.has("commanded") || (end && !keepsDedup(end.outcome.kind))
    if (justified !== true) world.violate(`${before.issueIdentifier} left dedup without a cause`)
  }

  for (const { after, before } of of(changes, t.failures)) {
    if (before === null || after !== null) continue
    const was = issueOf(before.issueId)?.was
    const end = ends.find(({ issueId }) => issueId === before.issueId)
    if (!was?.has("closed") && !was?.has("commanded") && end?.outcome.kind !== "delivered") {
      world.violate("the failures of an issue were cleared without a cause")
    }
  }

  for (const { after } of of(changes, t.decisions)) {
    if (after?.decision === "wait" && after.reason === null) world.violate("an issue waits without a reason")
  }

  for (const { after, before } of of(changes, t.questions)) {
    if (before === null) continue
    if (after === null || (before.closedAt !== null && !same(before.answer, after.answer))) {
      world.violate("a closed question was changed")
    }
  }
}

/** What must hold when a run begins to exist. */
export const checkRun = (world: World, run: TrueRun) => {
  const others = world.upstreams.runs.filter((each) => each !== run && each.dispatchId === run.dispatchId)
  if (others.length > 0)
    world.violate(`run ${run.id} is another run of the dispatch of ${run.issueIdentifier}`)
}

const passing = ["lost_race", "running", "settling"]

/** Whether nothing is under way any more. */
export const isOver = ({ store, upstreams }: World) =>
  store.all(t.dispatches).every(({ settledAt }) => settledAt !== null) &&
  store.all(t.questions).every(({ closedAt }) => closedAt !== null) &&
  upstreams.issues.every(({ deleted, id, labels, state }) => {
    if (deleted || closedStates.includes(state) || !hasLabel(labels, pickup)) return true
    const decision = store.rows(t.decisions).get(id) as t.StoredDecision | undefined
    return decision?.decision === "wait" && !passing.includes(decision.reason?._tag ?? "lost_race")
  })

/** What must hold at the end. */
export const checkEnd = (world: World) => {
  const { store, upstreams } = world
  for (const row of store.all(t.dispatches)) {
    if (row.settledAt === null) {
      world.violate(`the dispatch of ${row.issueIdentifier} never reached its end: ${row.status}`)
    }
    const delivered = row.outcome?.reason === "pull_request"
    if (delivered && !upstreams.pulls.some(({ branch }) => branch === row.branch)) {
      world.violate(`the dispatch of ${row.issueIdentifier} delivered nothing`)
    }
    if (row.waitingFor !== null)
      world.violate(`the dispatch of ${row.issueIdentifier} still waits for an answer`)
  }
  for (const question of store.all(t.questions)) {
    if (question.closedAt === null) world.violate("a question was never closed")
  }
  for (const { deleted, id, identifier, labels, state } of upstreams.issues) {
    if (deleted) continue
    const left = occupyingLabels.find((label) => hasLabel(labels, label))
    if (left !== undefined) world.violate(`${identifier} keeps the label ${left}`)
    const waits = !closedStates.includes(state) && hasLabel(labels, pickup)
    const decision = store.rows(t.decisions).get(id) as t.StoredDecision | undefined
    if (waits && (decision === undefined || passing.includes(decision.reason?._tag ?? "lost_race"))) {
      world.violate(`${identifier} waits for ${decision?.reason?._tag ?? "an unknown reason"}`)
    }
  }
}
