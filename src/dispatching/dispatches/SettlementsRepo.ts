import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { Effect as EffectName, type PullRequest } from "../../domain/Dispatch.ts"
import { statusOfOutcome } from "../../domain/DispatchStatus.ts"
import { type FailureState, keepsDedup, recordEnd } from "../../domain/Failures.ts"
import { Outcome } from "../../domain/Outcome.ts"
import type { PlanDocument } from "../../domain/Plan.ts"
import { Timestamp } from "../../domain/Text.ts"
import { endNotices, givenUpNotice } from "./notices.ts"
import { OutboxRepo } from "../../messaging/Notifications/OutboxRepo.ts"
import { PlansRepo } from "../plans/PlansRepo.ts"
import { countOutcome } from "../../platform/Metrics.ts"
import { DispatchRow } from "./DispatchRow.ts"
import { settlementEffects } from "./settlementSteps.ts"

const Body = Schema.Struct({
  add: Schema.optionalKey(Schema.Array(Schema.String)),
  remove: Schema.optionalKey(Schema.Array(Schema.String)),
  text: Schema.optionalKey(Schema.String)
})

const EffectRow = Schema.Struct({
  dispatchId: Schema.String,
  effect: EffectName,
  key: Schema.String,
  body: Body,
  attempts: Schema.Int,
  nextAt: Timestamp,
  createdAt: Timestamp
})
export type EffectRow = typeof EffectRow.Type

const FailureStateRow = Schema.Struct({
  failures: Schema.Int,
  backoffUntil: Schema.NullOr(Timestamp),
  parkedAt: Schema.NullOr(Timestamp),
  last: Schema.NullOr(Schema.String)
})

const quotedLines = 20

export type FoundPullRequest = PullRequest & { readonly branch: string }

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const plans = yield* PlansRepo
  const outbox = yield* OutboxRepo
  const decodeRow = Schema.decodeUnknownEffect(Schema.Array(DispatchRow))
  const decodeEffects = Schema.decodeUnknownEffect(Schema.Array(EffectRow))
  const decodeFailureState = Schema.decodeUnknownEffect(Schema.Array(FailureStateRow))
  const nullableDate = (at: DateTime.Utc | null) => (at === null ? null : DateTime.toDateUtc(at))

  const noteEvent = (id: string, at: Date, type: string, message: string, facts: Schema.JsonObject) =>
    sql`insert into dispatch_events (dispatch_id, at, type, actor, message, facts)
      values (${id}, ${at}, ${type}, null, ${message}, ${JSON.stringify(facts)})`

  const recordFailure = Effect.fnUntraced(function* (row: DispatchRow, outcome: Outcome, now: DateTime.Utc) {
    const previous = yield* sql`select failures, backoff_until, parked_at, last from issue_failures
      where issue_id = ${row.issueId} and phase = ${row.phase} for update`.pipe(
      Effect.flatMap(decodeFailureState)
    )
    const before = previous[0] ?? null
    const memory: FailureState | null = recordEnd(before, row.phase, outcome, now)
    if (memory === null) {
      yield* sql`delete from issue_failures where issue_id = ${row.issueId} and phase = ${row.phase}`
    } else {
      yield* sql`insert into issue_failures ${sql.insert({
        issueId: row.issueId,
        phase: row.phase,
        failures: memory.failures,
        backoffUntil: nullableDate(memory.backoffUntil),
        parkedAt: nullableDate(memory.parkedAt),
        last: memory.last,
        updatedAt: DateTime.toDateUtc(now)
      })} on conflict (issue_id, phase) do update set failures = excluded.failures,
        backoff_until = excluded.backoff_until, parked_at = excluded.parked_at, last = excluded.last,
        updated_at = excluded.updated_at`
    }
    return memory?.parkedAt != null && before?.parkedAt == null ? memory : null
  })

  /** The last lines that the runner sent, oldest first. */
  const lastLines = Effect.fnUntraced(function* (id: string) {
    const rows = yield* sql`select text from dispatch_logs where dispatch_id = ${id}
      order by id desc limit ${quotedLines}`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ text: Schema.String }))))
    )
    return rows.map(({ text }) => text).toReversed()
  })

  const autoApproves = (teamKey: string) =>
    sql`select 1 from mappings where team_key = ${teamKey} and auto_approve_plans`.pipe(
      Effect.map(({ length }) => length > 0)
    )

  const upsertPullRequest = Effect.fnUntraced(function* (
    row: DispatchRow,
    found: FoundPullRequest,
    at: Date
  ) {
    yield* sql`insert into pull_requests ${sql.insert({
      owner: row.owner,
      repo: row.repo,
      number: found.number,
      url: found.url,
      state: found.state,
      draft: found.draft,
      branch: found.branch,
      issueId: row.issueId,
      dispatchId: row.id,
      seenAt: at
    })} on conflict (owner, repo, number) do update set state = excluded.state, draft = excluded.draft,
      dispatch_id = excluded.dispatch_id, issue_id = excluded.issue_id, seen_at = excluded.seen_at`
  })

  /**
   * Writes the end of a dispatch, once, with its event, its plan, the failure memory, dedup and the effects to come,
   * in one transaction. Null when it had ended before; a contradicting outcome is then noted in the timeline.
   */
  const writeOutcome = Effect.fn("Settlements.writeOutcome")(
    function* (
      id: string,
      outcome: Outcome,
      pullRequest: FoundPullRequest | null,
      plan: ReadonlyArray<PlanDocument> = []
    ) {
      const now = yield* DateTime.now
      const at = DateTime.toDateUtc(now)
      const rows = yield* sql`update dispatches set outcome = ${JSON.stringify(outcome)},
          status = ${statusOfOutcome(outcome.kind)}, finished_at = ${at}, waiting_for = null
        where id = ${id} and outcome is null returning *`.pipe(Effect.flatMap(decodeRow))
      const row = rows[0]
      if (row === undefined) {
        const earlier = yield* sql`select * from dispatches where id = ${id}`.pipe(Effect.flatMap(decodeRow))
        if (earlier[0]?.outcome != null && earlier[0].outcome.kind !== outcome.kind) {
          yield* noteEvent(
            id,
            at,
            "late_outcome_refused",
            `Came too late and was not taken: ${outcome.message}`,
            {
              kind: outcome.kind,
              reason: outcome.reason
            }
          )
        }
        return null
      }
      if (pullRequest !== null) yield* upsertPullRequest(row, pullRequest, at)
      if (plan.length > 0) yield* plans.record(row, plan)
      const newlyParked = yield* recordFailure(row, outcome, now)
      if (row.phase === "implementation" && !keepsDedup(outcome.kind)) {
        yield* sql`delete from dedup where issue_id = ${row.issueId}`
      }
      const lines = yield* lastLines(id)
      for (const effect of settlementEffects(row, outcome, pullRequest, newlyParked, plan, lines)) {
        const { effect: name, ...body } = effect
        yield* sql`insert into settlement_effects ${sql.insert({
          dispatchId: id,
          effect: name,
          state: "pending",
          key: yield* random.uuidV4(),
          body: JSON.stringify(body),
          nextAt: at,
          createdAt: at
        })}`
      }
      yield* noteEvent(id, at, outcome.kind, outcome.message, { reason: outcome.reason, ...outcome.facts })
      const autoApproved = plan.length > 0 && (yield* autoApproves(row.teamKey))
      for (const notice of endNotices(row, outcome, pullRequest, newlyParked, autoApproved)) {
        yield* outbox.add(`${id}/${notice.kind}`, notice)
      }
      return row
    },
    sql.withTransaction,
    Effect.orDie,
    (written, _id, outcome) =>
      Effect.tap(written, (row) => (row === null ? Effect.void : countOutcome(outcome)))
  )

  const pendingEffects = Effect.fn("Settlements.pendingEffects")(
    (id: string) =>
      sql`select dispatch_id, effect, key, body, attempts, next_at, created_at from settlement_effects
        where dispatch_id = ${id} and state = 'pending' order by effect desc`.pipe(
        Effect.flatMap(decodeEffects)
      ),
    Effect.orDie
  )

  const effectDone = Effect.fn("Settlements.effectDone")(
    function* (row: EffectRow, message: string) {
      const at = DateTime.toDateUtc(yield* DateTime.now)
      const changed = yield* sql`update settlement_effects set state = 'done', attempts = attempts + 1,
          last_error = null, finished_at = ${at}
        where dispatch_id = ${row.dispatchId} and effect = ${row.effect} and state = 'pending' returning effect`
      if (changed.length > 0) yield* noteEvent(row.dispatchId, at, `${row.effect}_done`, message, {})
    },
    sql.withTransaction,
    Effect.orDie
  )

  const effectFailed = Effect.fn("Settlements.effectFailed")(function* (
    row: EffectRow,
    error: string,
    nextAt: DateTime.Utc
  ) {
    yield* sql`update settlement_effects set attempts = attempts + 1, last_error = ${error},
          next_at = ${DateTime.toDateUtc(nextAt)}
        where dispatch_id = ${row.dispatchId} and effect = ${row.effect} and state = 'pending'`
  }, Effect.orDie)

  const effectGivenUp = Effect.fn("Settlements.effectGivenUp")(
    function* (row: EffectRow, error: string) {
      const at = DateTime.toDateUtc(yield* DateTime.now)
      const changed = yield* sql`update settlement_effects set state = 'given_up', attempts = attempts + 1,
          last_error = ${error}, finished_at = ${at}
        where dispatch_id = ${row.dispatchId} and effect = ${row.effect} and state = 'pending' returning effect`
      if (changed.length > 0) {
        yield* noteEvent(row.dispatchId, at, `${row.effect}_given_up`, error, { effect: row.effect })
        const [dispatch] = yield* sql`select * from dispatches where id = ${row.dispatchId}`.pipe(
          Effect.flatMap(decodeRow)
        )
        if (dispatch !== undefined) {
          yield* outbox.add(
            `${dispatch.id}/given_up/${row.effect}`,
            givenUpNotice(dispatch, row.effect, error)
          )
        }
      }
    },
    sql.withTransaction,
    Effect.orDie
  )

  /** Settles the dispatch when nothing is pending any more. */
  const settle = Effect.fn("Settlements.settle")(
    function* (id: string) {
      const at = DateTime.toDateUtc(yield* DateTime.now)
      const settled = yield* sql`update dispatches set settled_at = ${at}
        where id = ${id} and outcome is not null and settled_at is null and not exists (
          select 1 from settlement_effects where dispatch_id = ${id} and state = 'pending') returning id`
      if (settled.length > 0) yield* noteEvent(id, at, "settled", "Everything is done", {})
    },
    sql.withTransaction,
    Effect.orDie
  )

  /** What is now known of the labels of an issue, after we changed them. */
  const labelsAre = Effect.fn("Settlements.labelsAre")(
    (issueId: string, labels: ReadonlyArray<string>) =>
      sql`update issues set labels = ${labels} where issue_id = ${issueId}`.pipe(Effect.asVoid),
    Effect.orDie
  )

  return { writeOutcome, pendingEffects, effectDone, effectFailed, effectGivenUp, settle, labelsAre }
})

/** The end of a dispatch and what follows from it. */
export class SettlementsRepo extends Context.Service<SettlementsRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/dispatches/SettlementsRepo"
) {
  static readonly layer = Layer.effect(SettlementsRepo, make).pipe(
    Layer.provide([PlansRepo.layer, OutboxRepo.layer])
  )
}
