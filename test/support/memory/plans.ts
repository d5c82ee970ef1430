import * as Effect from "effect/Effect"
import * as DateTime from "effect/DateTime"
import * as Layer from "effect/Layer"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { planApproved, planRejected, planWithdrawn } from "../../../src/dispatching/plans/planEvents.ts"
import type { TimelineEvent } from "../../../src/dispatching/dispatches/timelineEvents.ts"
import { PlansRepo } from "../../../src/dispatching/plans/PlansRepo.ts"
import { type IssueId, StoredDispatchId } from "../../../src/domain/Ids.ts"
import { hasLabel, labels } from "../../../src/domain/Labels.ts"
import { note } from "./timeline.ts"
import { newestPlan } from "./facts.ts"
import { Memory, sqlOnly } from "./Memory.ts"
import * as t from "./tables.ts"

const blank = {
  dispatchId: null,
  documents: [],
  withdrawnAt: null,
  labelled: false,
  approvalIgnored: false,
  verdict: null,
  verdictAt: null,
  verdictBy: null,
  reason: null,
  cleared: false
} as const

export const layer = Layer.effect(
  PlansRepo,
  Effect.gen(function* () {
    const { run, store } = yield* Memory
    const random = yield* SecureRandom.SecureRandom

    const change = (
      id: string,
      where: (plan: t.StoredPlan) => boolean,
      set: (now: DateTime.Utc) => Partial<t.StoredPlan>,
      entry: TimelineEvent
    ) =>
      run((tx, now) => {
        const changed = tx.update(t.plans, id, (plan) =>
          plan.withdrawnAt === null && where(plan) ? { ...plan, ...set(now) } : null
        )
        if (changed !== null && changed.dispatchId !== null) note(store, tx, changed.dispatchId, now, entry)
        return changed !== null
      })

    const undecided = ({ verdict }: t.StoredPlan) => verdict === null

    return PlansRepo.of({
      supersede: sqlOnly,
      history: sqlOnly,
      current: (issueId) =>
        run((tx) => {
          const issue = tx.get(t.issues, issueId)
          if (issue === null) return null
          if (tx.get(t.mappings, issue.team.key) !== null) tx.lock(t.mappings, issue.team.key)
          const plan = newestPlan(tx, issueId)
          if (plan === null || plan.withdrawnAt !== null) return null
          tx.lock(t.plans, plan.id)
          const { id, verdict, verdictAt, verdictBy } = plan
          const underWay = tx
            .all(t.dispatches)
            .some((row) => row.issueId === issueId && row.settledAt === null)
          return { id, verdict, verdictAt, verdictBy, underWay, teamId: issue.team.id }
        }),
      record: Effect.fnUntraced(function* (dispatch, documents) {
        const id = yield* random.uuidV7()
        yield* run((tx, now) =>
          tx.put(t.plans, id, {
            ...blank,
            id,
            issueId: dispatch.issueId,
            dispatchId: StoredDispatchId.make(dispatch.id),
            documents,
            finishedAt: now,
            approvalIgnored: hasLabel(tx.get(t.issues, dispatch.issueId)?.labels ?? [], labels.planApproved)
          })
        )
      }),
      noteLabels: (dispatchId, names) =>
        run((tx) => {
          const plan = tx.all(t.plans).find((each) => each.dispatchId === dispatchId)
          if (plan === undefined) return
          tx.put(t.plans, plan.id, {
            ...plan,
            labelled: hasLabel(names, labels.planComplete),
            approvalIgnored: plan.verdict === null && hasLabel(names, labels.planApproved)
          })
        }),
      noteTaken: (issueId, names) =>
        run((tx) => {
          const plan = newestPlan(tx, issueId)
          if (plan !== null) {
            tx.put(t.plans, plan.id, { ...plan, labelled: hasLabel(names, labels.planComplete) })
          }
        }),
      known: (issueIds, readAt) =>
        run((tx) =>
          issueIds.flatMap((issueId) => {
            const underWay = tx
              .all(t.dispatches)
              .some(
                (row) =>
                  row.issueId === issueId &&
                  (row.settledAt === null || DateTime.isGreaterThanOrEqualTo(row.settledAt, readAt))
              )
            if (underWay) return []
            const plan = newestPlan(tx, issueId)
            return {
              issueId: issueId as IssueId,
              plan:
                plan === null
                  ? null
                  : {
                      id: plan.id,
                      verdict: plan.verdict,
                      withdrawn: plan.withdrawnAt !== null,
                      labelled: plan.labelled,
                      approvalIgnored: plan.approvalIgnored
                    }
            }
          })
        ),
      declare: Effect.fnUntraced(function* (issueId, after, approved) {
        const id = yield* random.uuidV7()
        yield* run((tx, now) => {
          if ((newestPlan(tx, issueId)?.id ?? null) !== after) return
          const verdict = approved
            ? ({ verdict: "approved", verdictAt: now, verdictBy: "Linear" } as const)
            : {}
          tx.put(t.plans, id, { ...blank, id, issueId, finishedAt: now, labelled: true, ...verdict })
        })
      }),
      withdraw: (id) =>
        change(
          id,
          ({ verdict }) => verdict !== "rejected",
          (now) => ({ withdrawnAt: now, labelled: false }),
          planWithdrawn
        ),
      note: (id, labelled, approvalIgnored) =>
        run((tx) => void tx.update(t.plans, id, (plan) => ({ ...plan, labelled, approvalIgnored }))),
      approve: (id, by) =>
        change(
          id,
          undecided,
          (now) => ({ verdict: "approved", verdictAt: now, verdictBy: by }),
          planApproved(by)
        ),
      documents: (id) => run((tx) => tx.get(t.plans, id)?.documents ?? null),
      reject: (id, by, reason) =>
        change(
          id,
          undecided,
          (now) => ({ verdict: "rejected", verdictAt: now, verdictBy: by, reason: reason }),
          planRejected(by, reason)
        ),
      rejectedInARow: (issueId) =>
        run((tx) => {
          const own = tx.all(t.plans).filter((plan) => plan.issueId === issueId)
          return own.filter(
            (plan) =>
              plan.verdict === "rejected" &&
              !plan.cleared &&
              !own.some(({ id, verdict }) => verdict === "approved" && id > plan.id)
          ).length
        }),
      clearRejections: (issueIds) =>
        run((tx) => {
          const cleared = tx
            .all(t.plans)
            .filter((plan) => issueIds.includes(plan.issueId) && plan.verdict === "rejected" && !plan.cleared)
          for (const plan of cleared) tx.put(t.plans, plan.id, { ...plan, cleared: true })
          return cleared.length > 0
        })
    })
  })
)
