import * as Arr from "effect/Array"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SecureRandom from "effect/crypto/SecureRandom"
import type { Mapping } from "../../domain/Mapping.ts"
import type { Phase, Trigger } from "../../domain/Modes.ts"
import type { Reason } from "../../domain/Reason.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import { type Repository, sameRepository } from "../../upstreams/CodeHost.ts"
import type { TrackedIssue } from "../../upstreams/Tracker.ts"
import { decideAll } from "../decision/decideAll.ts"
import type { DispatchContext } from "../decision/DispatchContext.ts"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"
import { FactsRepo } from "../issues/FactsRepo.ts"
import { AdmissionRepo } from "./AdmissionRepo.ts"
import { type Chosen, reservation } from "./reservation.ts"
import type { IssueId } from "../../domain/Ids.ts"

export interface AdmissionRequest {
  /** Issues of one team, as just read from the tracker. */
  readonly issues: Arr.NonEmptyReadonlyArray<TrackedIssue>
  readonly readAt: DateTime.Utc
  readonly trigger: Trigger
  /** Requested by name; else the phase that is due. */
  readonly phase?: Phase | undefined
  readonly by: string | null
  readonly context: DispatchContext
  /** The comment that asks for another pass over our pull request. */
  readonly comment?: (Repository & { readonly id: number; readonly number: number }) | undefined
  /** The poller's epoch: an earlier poller admits nothing. */
  readonly epoch?: number
}

/** An issue has a new dispatch, or waits for `reason` as in its decision. */
export type Admitted = { readonly issueId: IssueId } & (
  | { readonly dispatch: DispatchRow }
  | { readonly dispatch: null; readonly reason: Reason }
)

const lostRace: Reason = { _tag: "lost_race" }

/** Admission of dispatches of one team: the only way to a reservation. */
export class Admission extends Context.Service<
  Admission,
  {
    /** Locks the mapping, decides again from current facts and inserts the dispatches, in one short transaction. */
    readonly admit: (request: AdmissionRequest) => Effect.Effect<Arr.NonEmptyReadonlyArray<Admitted>>
  }
>()("ai-implement/dispatching/admission/Admission") {
  static readonly layerNoDeps = Layer.effect(
    Admission,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const random = yield* SecureRandom.SecureRandom
      const facts = yield* FactsRepo
      const repo = yield* AdmissionRepo

      const reserve = Effect.fnUntraced(function* (
        { by, comment, context, trigger }: AdmissionRequest,
        mapping: Mapping,
        chosen: Arr.NonEmptyReadonlyArray<Chosen>
      ) {
        const at = DateTime.toDateUtc(yield* DateTime.now)
        const issues = chosen.map(({ issue, phase }) => ({ id: issue.id, phase }))
        const history = yield* repo.history(issues, mapping, comment?.number ?? null)
        const given = { at, trigger, by, commentId: comment?.id ?? null, mapping, context }
        const rows = yield* Effect.forEach(chosen, (each) =>
          Effect.map(random.uuidV7(), (id) =>
            reservation(each, { ...given, id, history: history.get(each.issue.id) })
          )
        )
        return yield* repo.reserve(rows, at)
      })

      const admit = Effect.fn("Admission.admit")(function* (request: AdmissionRequest) {
        const { trigger, epoch, issues, phase, readAt } = request
        const mapping = yield* facts.lockMapping(issues[0].team.key)
        const { paused, pollerEpoch } = yield* repo.instance
        const superseded = epoch !== undefined && epoch !== pollerEpoch
        const context = { ...request.context, paused, now: yield* DateTime.now }
        const mappings = mapping === null ? [] : [mapping]
        const { hourlyLimit, candidates } = yield* facts.gather(issues, readAt, mappings, context)
        const elsewhere =
          request.comment !== undefined && mapping !== null && !sameRepository(request.comment, mapping)
        const planned =
          superseded || elsewhere ? [] : decideAll(context, candidates, hourlyLimit, trigger, phase)
        const chosen = planned.flatMap(({ facts: { issue, readiness }, decision }): ReadonlyArray<Chosen> => {
          if (decision.kind !== "dispatch") return []
          const undeclaredInputs = readiness?.undeclaredInputs[decision.phase] ?? []
          return [{ issue, phase: decision.phase, undeclaredInputs }]
        })
        const rows =
          mapping !== null && Arr.isReadonlyArrayNonEmpty(chosen)
            ? yield* reserve({ ...request, context }, mapping, chosen)
            : []
        return Arr.map(issues, ({ id: issueId }): Admitted => {
          const dispatch = rows.find((row) => row.issueId === issueId)
          if (dispatch !== undefined) return { issueId, dispatch }
          const decision = planned.find(({ facts }) => facts.issue.id === issueId)?.decision
          return { issueId, dispatch: null, reason: decision?.kind === "wait" ? decision.reason : lostRace }
        })
      }, atomically)

      return Admission.of({ admit })
    })
  )
}
