import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { SettlementsRepo } from "../dispatches/SettlementsRepo.ts"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import { labels } from "../../domain/Labels.ts"
import { Tracker } from "../../upstreams/Tracker.ts"
import { PlansRepo } from "../plans/PlansRepo.ts"
import { Policy } from "./policy.ts"
import { again, done, gaveUp, pause, type Step } from "./step.ts"

/** Tells the issue that its run exists: the run label, and the team's first started state. Not once it is to end. */
export const announceOnce = Effect.fn("Lifecycle.announce")(function* (
  dispatchId: string,
  tries: number
): Effect.fn.Return<Step, never, Tracker | TransitionsRepo | SettlementsRepo | PlansRepo> {
  const tracker = yield* Tracker
  const transitions = yield* TransitionsRepo
  const settlements = yield* SettlementsRepo
  const plans = yield* PlansRepo
  const policy = yield* Policy
  const row = yield* transitions.find(dispatchId)
  if (row === null || row.outcome !== null || row.announcedAt !== null || row.stopRequestedAt !== null) {
    return done
  }
  const now = yield* DateTime.now
  const left = row.deadlineAt === null ? policy.retryMax : DateTime.distance(now, row.deadlineAt)
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
      Effect.tap((names) => settlements.labelsAre(row.issueId, names)),
      Effect.tap((names) => (row.phase === "planning" ? plans.noteTaken(row.issueId, names) : Effect.void)),
      Effect.andThen(transitions.markAnnounced(row.id)),
      Effect.as(done),
      Effect.catch((error) =>
        Effect.succeed(
          error.reason._tag === "NotFound"
            ? gaveUp(error.message)
            : again(Duration.min(pause(tries, policy), left))
        )
      )
    )
})
