import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { closedStates, isCanceled } from "../../../domain/IssueState.ts"
import { hasLabel, occupyingLabels } from "../../../domain/Labels.ts"
import { AppConfig } from "../../../platform/Config.ts"
import { Tracker, type TrackedIssue } from "../../../upstreams/Tracker.ts"
import { TransitionsRepo } from "../../dispatches/TransitionsRepo.ts"
import { FailureStates } from "../../issues/FailureStates.ts"
import { IssuesRepo } from "../../issues/IssuesRepo.ts"
import { Lifecycle } from "../../lifecycle/Lifecycle.ts"
import { Plans } from "../../plans/Plans.ts"
import { PassesRepo } from "../PassesRepo.ts"
import type { PassState, Reading } from "./PassState.ts"

class Superseded extends Schema.TaggedError<Superseded>()("Superseded", { message: Schema.String }) {}

// A poller that was frozen drops what it read: its successor reads again.
const stillHolds = Effect.fnUntraced(function* (epoch: number) {
  const passes = yield* PassesRepo
  if (yield* passes.holds(epoch)) return
  return yield* new Superseded({
    message:
      "Another replica polls now. What this pass read was not used; the other replica reads for itself."
  })
})

const unlabelCompleted = Effect.fn("Pass.unlabelCompleted")(function* (issue: TrackedIssue) {
  const tracker = yield* Tracker
  const issues = yield* IssuesRepo
  const remove = occupyingLabels.filter((label) => hasLabel(issue.labels, label))
  if (issue.state.type !== "completed" || remove.length === 0) return
  yield* tracker.change({ issueId: issue.id, teamId: issue.team.id, add: [], remove, start: false }).pipe(
    Effect.flatMap((labels) => issues.setLabels(issue.id, labels)),
    Effect.catch((error) =>
      Effect.logWarning(`Could not remove labels from ${issue.identifier}: ${error.message}`)
    )
  )
})

export const AbsencePolicy = Context.Reference("ai-implement/AbsencePolicy", {
  defaultValue: () => ({
    // A shorter absence may be a key that lost its access for a moment.
    minAbsence: Duration.minutes(5)
  })
})

// What the lists omit for long is deleted only when its own look-up says so too.
const deletedIssues = Effect.fn("Pass.deletedIssues")(function* () {
  const issues = yield* IssuesRepo
  const tracker = yield* Tracker
  const { minAbsence } = yield* AbsencePolicy
  const absent = yield* issues.absent(DateTime.subtractDuration(yield* DateTime.now, minAbsence))
  return new Set(
    yield* Effect.filter(
      absent,
      (id) =>
        tracker
          .isGone(id)
          .pipe(
            Effect.catch(({ message }) =>
              Effect.as(Effect.logWarning(`Whether an issue was deleted is not known: ${message}`), false)
            )
          ),
      { concurrency: 2 }
    )
  )
})

const stopReasons = {
  canceled: { reason: "issue_canceled", message: "The issue was canceled: stopping" },
  deleted: { reason: "issue_deleted", message: "The issue was deleted: stopping" },
  unlabelled: { reason: "pickup_label_removed", message: "The pickup label was removed: ending" }
} as const

const follow = Effect.fn("Pass.follow")(function* (epoch: number, tracked: ReadonlyArray<TrackedIssue>) {
  const failureStates = yield* FailureStates
  const transitions = yield* TransitionsRepo
  const lifecycle = yield* Lifecycle
  const { PICKUP_LABEL } = yield* AppConfig
  const closed = tracked.filter(({ state }) => closedStates.includes(state.type))
  if (closed.length > 0) yield* failureStates.clearClosed(closed.map(({ id }) => id))
  yield* Effect.forEach(closed, unlabelCompleted, { discard: true })
  const canceled = new Set(closed.filter(({ state }) => isCanceled(state.type)).map(({ id }) => id))
  const deleted = yield* deletedIssues()
  const unlabelled = new Set(
    tracked.filter(({ labels }) => !hasLabel(labels, PICKUP_LABEL)).map(({ id }) => id)
  )
  if (canceled.size + deleted.size + unlabelled.size === 0) return
  yield* stillHolds(epoch)
  if (unlabelled.size > 0) yield* failureStates.release([...unlabelled])
  for (const row of yield* transitions.live) {
    const stop = canceled.has(row.issueId)
      ? stopReasons.canceled
      : deleted.has(row.issueId)
        ? stopReasons.deleted
        : unlabelled.has(row.issueId) && row.status === "reserved" && row.trigger === "poll"
          ? stopReasons.unlabelled
          : null
    if (stop !== null) yield* lifecycle.stop(row.id, { by: "the service", ...stop })
  }
})

/** Stores what was read, unless the epoch has changed, and applies changes of the tracked issues. */
export const reconcile = Effect.fn("Pass.reconcile")(function* ({ epoch }: PassState, reading: Reading) {
  const issues = yield* IssuesRepo
  const plans = yield* Plans
  const { candidates, missing, readAt, tracked, unreadable } = reading
  yield* stillHolds(epoch)
  const odd = unreadable.filter(({ candidate }) => candidate)
  const candidateIds = new Set([...candidates, ...odd].map(({ id }) => id))
  const others = tracked.filter(({ id }) => !candidateIds.has(id))
  const stored = yield* issues.storeIssues(
    [
      ...candidates.map((issue) => ({ ...issue, candidate: true })),
      ...others.map((issue) => ({ ...issue, candidate: false }))
    ],
    missing,
    readAt
  )
  yield* issues.storeUnreadable(unreadable, readAt)
  yield* issues.keepCandidates([...candidateIds], readAt)
  yield* plans.follow([...candidates, ...tracked], readAt)
  yield* follow(
    epoch,
    tracked.filter(({ id }) => stored.has(id))
  )
})
