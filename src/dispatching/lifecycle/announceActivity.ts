import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { startedNotice } from "../dispatches/notices.ts"
import { TimelineRepo } from "../dispatches/TimelineRepo.ts"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import { labels } from "../../domain/Labels.ts"
import { Tracker } from "../../upstreams/Tracker.ts"
import { OutboxRepo } from "../../messaging/Notifications/OutboxRepo.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import { IssuesRepo } from "../issues/IssuesRepo.ts"
import { PlansRepo } from "../plans/PlansRepo.ts"
import { again, done, gaveUp, pause, StepRetry } from "./step.ts"
import type { DispatchId } from "../../domain/Ids.ts"

const markAnnounced = Effect.fn("Lifecycle.markAnnounced")(function* (id: DispatchId) {
  const transitions = yield* TransitionsRepo
  const outbox = yield* OutboxRepo
  const atomically = yield* makeAtomically
  yield* atomically(
    Effect.gen(function* () {
      const row = yield* transitions.markAnnounced(id)
      if (row?.outcome === null) yield* outbox.add(`${id}/started`, startedNotice(row))
    })
  )
})

/** Gives the issue the run label and the team's first started state, unless the dispatch has ended or is to stop. */
export const announceOnce = Effect.fn("Lifecycle.announce")(function* (
  dispatchId: DispatchId,
  tries: number
) {
  const tracker = yield* Tracker
  const transitions = yield* TransitionsRepo
  const timeline = yield* TimelineRepo
  const issues = yield* IssuesRepo
  const plans = yield* PlansRepo
  const retry = yield* StepRetry
  const row = yield* transitions.find(dispatchId)
  if (row === null || row.outcome !== null || row.announcedAt !== null || row.stopRequestedAt !== null) {
    return done
  }
  const now = yield* DateTime.now
  const left = row.deadlineAt === null ? retry.retryMax : DateTime.distance(now, row.deadlineAt)
  if (Duration.isLessThanOrEqualTo(left, Duration.zero)) return done
  return yield* tracker
    .change({
      issueId: row.issueId,
      teamId: row.linearTeamId,
      ...(row.phase === "planning"
        ? { add: [labels.planning], remove: [labels.planComplete] }
        : { add: [labels.working], remove: [labels.planApproved] }),
      start: true
    })
    .pipe(
      Effect.tap((names) => issues.setLabels(row.issueId, names)),
      Effect.tap((names) => (row.phase === "planning" ? plans.noteTaken(row.issueId, names) : Effect.void)),
      Effect.andThen(markAnnounced(row.id)),
      Effect.as(done),
      Effect.catch((error) => {
        const refused = error.reason._tag === "Rejected"
        if (error.reason._tag !== "NotFound" && !(refused && tries + 1 >= retry.maxRefusals)) {
          return Effect.succeed(again(Duration.min(refused ? retry.refusedWait : pause(tries, retry), left)))
        }
        const event = { type: "announcement_given_up", message: error.message }
        return timeline.addOnce(row.id, event).pipe(Effect.as(gaveUp(error.message)))
      })
    )
})
