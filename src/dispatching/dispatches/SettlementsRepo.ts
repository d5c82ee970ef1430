import * as Arr from "effect/Array"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { SettlementStep } from "../../domain/Dispatch.ts"
import { Timestamp } from "../../domain/Text.ts"
import type { SettlementEffect } from "./settlementSteps.ts"
import { stepDone, stepGivenUp } from "./timelineEvents.ts"
import { TimelineRepo } from "./TimelineRepo.ts"
import { DispatchId } from "../../domain/Ids.ts"

const Body = Schema.Struct({
  add: Schema.optionalKey(Schema.Array(Schema.String)),
  remove: Schema.optionalKey(Schema.Array(Schema.String)),
  text: Schema.optionalKey(Schema.String)
})

const EffectRow = Schema.Struct({
  dispatchId: DispatchId,
  effect: SettlementStep,
  key: Schema.String,
  body: Body,
  attempts: Schema.Int,
  refusals: Schema.Int,
  nextAt: Timestamp,
  createdAt: Timestamp
})
export type EffectRow = typeof EffectRow.Type

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const timeline = yield* TimelineRepo
  const decodeEffects = Schema.decodeUnknownEffect(Schema.Array(EffectRow))
  const decodeIds = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ id: Schema.String })))
  const date = Effect.map(DateTime.now, DateTime.toDateUtc)

  const pending = ({ dispatchId, effect }: EffectRow) =>
    sql`dispatch_id = ${dispatchId} and effect = ${effect} and state = 'pending'`

  const add = Effect.fn("Settlements.add")(function* (
    dispatchId: DispatchId,
    effects: ReadonlyArray<SettlementEffect>
  ) {
    if (!Arr.isReadonlyArrayNonEmpty(effects)) return
    const at = yield* date
    const rows = yield* Effect.forEach(
      effects,
      Effect.fnUntraced(function* ({ effect, ...body }) {
        return {
          dispatchId,
          effect,
          state: "pending",
          key: yield* random.uuidV4(),
          body: JSON.stringify(body),
          nextAt: at,
          createdAt: at
        }
      })
    )
    yield* sql`insert into settlement_effects ${sql.insert(rows)}`
  }, Effect.orDie)

  const pendingEffects = Effect.fn("Settlements.pendingEffects")(
    (id: DispatchId) =>
      sql`select dispatch_id, effect, key, body, attempts, refusals, next_at, created_at from settlement_effects
        where dispatch_id = ${id} and state = 'pending' order by effect desc`.pipe(
        Effect.flatMap(decodeEffects)
      ),
    Effect.orDie
  )

  const effectDone = Effect.fn("Settlements.effectDone")(function* (row: EffectRow, message: string) {
    yield* timeline.recordChange(
      sql`update settlement_effects set state = 'done', attempts = attempts + 1, last_error = null,
        finished_at = ${yield* date} where ${pending(row)}`,
      stepDone(row.effect, message),
      "dispatch_id"
    )
  }, Effect.orDie)

  const effectFailed = Effect.fn("Settlements.effectFailed")(function* (
    row: EffectRow,
    error: string,
    nextAt: DateTime.Utc,
    refused: boolean
  ) {
    yield* sql`update settlement_effects set attempts = attempts + 1, last_error = ${error},
      refusals = refusals + ${refused ? 1 : 0},
      next_at = ${DateTime.toDateUtc(nextAt)} where ${pending(row)}`
  }, Effect.orDie)

  const effectGivenUp = Effect.fn("Settlements.effectGivenUp")(function* (row: EffectRow, error: string) {
    const changed = yield* timeline.recordChange(
      sql`update settlement_effects set state = 'given_up', attempts = attempts + 1, last_error = ${error},
        finished_at = ${yield* date} where ${pending(row)}`,
      stepGivenUp(row.effect, error),
      "dispatch_id"
    )
    return changed.length > 0
  }, Effect.orDie)

  const commentIds = Effect.fn("Settlements.commentIds")(
    (issueId: string) =>
      sql`select e.key::text as id from settlement_effects e join dispatches d on d.id = e.dispatch_id
          where d.issue_id = ${issueId} and e.body ? 'text'
        union all select unnest(array[comment_id, closing_comment_id])::text from questions
          where issue_id = ${issueId}`.pipe(
        Effect.flatMap(decodeIds),
        Effect.map((rows) => rows.map(({ id }) => id))
      ),
    Effect.orDie
  )

  return { commentIds, add, pendingEffects, effectDone, effectFailed, effectGivenUp }
})

export class SettlementsRepo extends Context.Service<SettlementsRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/dispatches/SettlementsRepo"
) {
  static readonly layer = Layer.effect(SettlementsRepo, make).pipe(Layer.provide(TimelineRepo.layer))
}
