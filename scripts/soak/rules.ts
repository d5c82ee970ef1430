import * as DateTime from "effect/DateTime"
import { labels, hasLabel as isAmong } from "../../src/domain/Labels.ts"
import type { Reason } from "../../src/domain/Reason.ts"
import type { Sample, SeenIssue, Snapshot } from "./facts.ts"

type Dispatch = Snapshot["dispatches"][number]
type Decision = Snapshot["decisions"][number]

const count = <A>(all: ReadonlyArray<A>, is: (one: A) => boolean) => all.filter(is).length

const hasLabel = ({ labels }: SeenIssue, label: string) => isAmong(labels, label)

const runLabels = { planning: labels.planning, implementation: labels.working } as const

const isUnsettled = ({ settledAt }: Dispatch) => settledAt === null
const isLive = ({ kind }: Dispatch) => kind === null

/** Run labels of issues for which we do nothing: `stray` ones of which somebody else knows are left out. */
export const labelProblems = ({ after, before, issues }: Sample, stray: ReadonlySet<string>) =>
  issues.flatMap((issue) =>
    (["planning", "implementation"] as const).flatMap((phase) => {
      const ours = [...before.dispatches, ...after.dispatches].some(
        (one) => one.issueId === issue.id && one.phase === phase && isUnsettled(one)
      )
      return !hasLabel(issue, runLabels[phase]) || ours || stray.has(issue.identifier)
        ? []
        : [`${issue.identifier} has the label ${runLabels[phase]} without an unsettled dispatch`]
    })
  )

/** More at work than a team may have; stray labels hold a slot each. */
export const capacityProblems = ({ before, issues }: Sample, stray: ReadonlySet<string>) =>
  before.mappings.flatMap(({ cap, teamKey }) => {
    const live = count(before.dispatches, (one) => one.teamKey === teamKey && isLive(one))
    const others = count(issues, (one) => one.teamKey === teamKey && stray.has(one.identifier))
    return live + others > cap ? [`${teamKey} has ${live} live and ${others} stray of ${cap}`] : []
  })

/** More than one unsettled dispatch of an issue, or an implementation before its plan, or before its approval. */
export const orderProblems = ({ before }: Sample) => {
  const twice = before.dispatches
    .filter(isUnsettled)
    .filter((one, index, all) => all.findIndex(({ issueId }) => issueId === one.issueId) !== index)
    .map(({ id }) => `${id} is a second unsettled dispatch of its issue`)
  const ungated = before.dispatches.flatMap((one) => {
    const mapping = before.mappings.find(({ teamKey }) => teamKey === one.teamKey)
    if (one.phase === "planning" || mapping?.planning !== true) return []
    const plans = before.plans.filter(({ issueId }) => issueId === one.issueId)
    const allowed = plans.some(
      ({ verdict, verdictAt }) =>
        mapping.autoApprove || (verdict === "approved" && verdictAt !== null && verdictAt <= one.reservedAt)
    )
    return allowed ? [] : [`${one.id} implements what no approved plan says`]
  })
  return [...twice, ...ungated]
}

/** Everything that may be true of an issue at some moment from the start of a pass to the end of the sample. */
interface Window {
  readonly since: number
  readonly issue: SeenIssue
  readonly dispatches: ReadonlyArray<Dispatch>
  readonly sample: Sample
}

const same = (millis: number, at: DateTime.Utc) => Math.abs(millis - DateTime.toEpochMillis(at)) < 2

const until = (at: number | null, { since }: Window) => at === null || at >= since

/** Somebody changed the issue in the meantime: what Linear said before is not known. */
const changed = ({ issue, since }: Window) => issue.changedAt >= since

const hasOrHadLabel = (window: Window, label: string) => hasLabel(window.issue, label) || changed(window)

const nothingUnderWay = (window: Window) =>
  window.dispatches.every((one) => !isUnsettled(one) || one.reservedAt >= window.since)

const mappingOf = ({ issue, sample }: Window) =>
  sample.after.mappings.find(({ teamKey }) => teamKey === issue.teamKey)

const about = <A extends { readonly issueId: string }>({ issue }: Window, rows: ReadonlyArray<A>) =>
  rows.filter(({ issueId }) => issueId === issue.id)

/** Whether a reason to wait agrees with the facts. */
const holds = (reason: Reason, window: Window): boolean => {
  const { after, before } = window.sample
  const named = (id: string) => window.dispatches.find((one) => one.id === id)
  const mapping = mappingOf(window)
  switch (reason._tag) {
    case "no_mapping":
      return mapping === undefined && reason.teamKey === window.issue.teamKey
    case "waiting_answer":
      return named(reason.dispatchId) !== undefined
    case "running": {
      const one = named(reason.dispatchId)
      return one !== undefined && one.phase === reason.phase && until(one.finishedAt, window)
    }
    case "settling": {
      const one = named(reason.dispatchId)
      return one !== undefined && one.finishedAt !== null && until(one.settledAt, window)
    }
    case "labelled_elsewhere":
      return hasOrHadLabel(window, reason.label) && nothingUnderWay(window)
    case "ready_for_review":
      return hasOrHadLabel(window, labels.readyForReview) && nothingUnderWay(window)
    case "open_pull_request":
      return about(window, after.pullRequests).some(({ url }) => url === reason.url)
    case "blocked":
      return (
        changed(window) || reason.by.every(({ identifier }) => window.issue.blockedBy.includes(identifier))
      )
    case "held":
      return window.dispatches.some(({ kind }) => kind === "cancelled")
    case "parked":
      return [...about(window, before.failures), ...about(window, after.failures)].some(
        ({ failures, parkedAt }) => parkedAt !== null && failures === reason.failures
      )
    case "waiting_approval":
      return (
        mapping?.planning === true &&
        !mapping.autoApprove &&
        about(window, after.plans).some(
          ({ dispatchId, verdictAt }) => dispatchId === reason.planDispatchId && until(verdictAt, window)
        )
      )
    case "dedup":
      return [...about(window, before.dedup), ...about(window, after.dedup)].some((row) =>
        same(row.until, reason.until)
      )
    case "backing_off":
      return [...about(window, before.failures), ...about(window, after.failures)].some(
        ({ backoffUntil }) => backoffUntil !== null && same(backoffUntil, reason.until)
      )
    case "team_at_capacity": {
      const team = (one: Dispatch) => one.teamKey === window.issue.teamKey && until(one.finishedAt, window)
      const stray = window.sample.issues.filter(
        (one) =>
          one.teamKey === window.issue.teamKey &&
          Object.values(runLabels).some((label) => hasLabel(one, label)) &&
          after.dispatches.every(({ issueId, settledAt }) => issueId !== one.id || settledAt !== null)
      )
      return (
        reason.cap === mapping?.cap &&
        reason.used >= reason.cap &&
        count(after.dispatches, team) + stray.length >= reason.used
      )
    }
    case "lost_race":
      return after.dispatches.some((one) => one.reservedAt >= window.since || until(one.settledAt, window))
    default:
      return false
  }
}

const windowOf = (sample: Sample, decision: Decision): Window | undefined => {
  const issue = sample.issues.find(({ id }) => id === decision.issueId)
  if (issue === undefined) return undefined
  const dispatches = sample.after.dispatches.filter(({ issueId }) => issueId === issue.id)
  return { since: decision.passStartedAt, issue, dispatches, sample }
}

const wrong = (sample: Sample, decision: Decision): ReadonlyArray<string> => {
  const window = windowOf(sample, decision)
  if (window === undefined) return [`${decision.issueId} is decided about and not in Linear`]
  const { issue } = window
  if (decision.reason === null) {
    const approved = about(window, sample.after.plans).some(
      ({ verdictAt }) => verdictAt !== null && verdictAt >= window.since
    )
    const dispatched = window.dispatches.some(
      ({ phase, reservedAt }) => phase === decision.phase && reservedAt >= window.since
    )
    return approved || dispatched ? [] : [`${issue.identifier} is said to be dispatched, and is not`]
  }
  return holds(decision.reason, window)
    ? []
    : [`${issue.identifier} waits for ${JSON.stringify(decision.reason)}`]
}

/** Decisions that disagree with the facts since the pass that made them, and candidates without one. */
export const reasonProblems = (sample: Sample, pickupLabel: string) => {
  const { decisions, lastPassStartedAt } = sample.before
  const undecided = sample.issues
    .filter((issue) => issue.open && hasLabel(issue, pickupLabel))
    .filter(({ changedAt }) => lastPassStartedAt !== null && changedAt < lastPassStartedAt)
    .filter(({ id }) => !decisions.some(({ issueId }) => issueId === id))
    .map(({ identifier }) => `${identifier} waits without a reason`)
  return [...decisions.flatMap((decision) => wrong(sample, decision)), ...undecided]
}
