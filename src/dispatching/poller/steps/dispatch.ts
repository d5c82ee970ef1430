import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type { Reason } from "../../../domain/Reason.ts"
import type { TrackedIssue } from "../../../upstreams/Tracker.ts"
import { Admission } from "../../admission/Admission.ts"
import type { PlannedIssue } from "../../decision/decideAll.ts"
import { DecisionsRepo } from "../../issues/DecisionsRepo.ts"
import { Lifecycle } from "../../lifecycle/Lifecycle.ts"
import type { Decided, PassState, Reading } from "./PassState.ts"

const perAdmission = 10

/** Admits every planned dispatch in small groups, starts it and stores all decisions; a refusal becomes the decision. */
export const dispatch = Effect.fn("Pass.dispatch")(function* (
  { epoch, id }: PassState,
  { readAt }: Reading,
  { context, planned }: Decided
) {
  const admission = yield* Admission
  const lifecycle = yield* Lifecycle
  const decisions = yield* DecisionsRepo
  const refused = new Map<string, Reason>()

  const admit = Effect.fnUntraced(function* (issues: Arr.NonEmptyReadonlyArray<TrackedIssue>) {
    const admitted = yield* admission.admit({ issues, readAt, trigger: "poll", by: null, context, epoch })
    for (const each of admitted) if (each.dispatch === null) refused.set(each.issueId, each.reason)
    const rows = admitted.flatMap((each) => each.dispatch ?? [])
    yield* Effect.forEach(rows, lifecycle.start, { concurrency: 8, discard: true })
  })

  const wanted = planned.flatMap(({ facts, decision }) => (decision.kind === "dispatch" ? facts.issue : []))
  yield* Effect.forEach(
    Object.values(Arr.groupBy(wanted, ({ team }) => team.key)),
    (issues) => Effect.forEach(Arr.chunksOf(issues, perAdmission), admit, { discard: true }),
    { concurrency: 4, discard: true }
  )
  const decided = planned.map((each): PlannedIssue => {
    const reason = refused.get(each.facts.issue.id)
    return reason === undefined ? each : { facts: each.facts, decision: { kind: "wait", reason } }
  })
  yield* decisions.store(id, epoch, context.now, decided)
  return decided.filter(({ decision }) => decision.kind === "dispatch").length
})
