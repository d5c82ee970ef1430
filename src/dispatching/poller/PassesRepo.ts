import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { LastPass } from "../../domain/Overview.ts"
import { Timestamp } from "../../domain/Text.ts"
import { recentPasses } from "./passesFail.ts"

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const decodeId = Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ id: Schema.String })]))

  const request = Effect.fn("PassesRepo.request")(function* (id: string, by: string, now: DateTime.Utc) {
    const [row] = yield* sql`insert into passes (id, requested_at, requested_by)
        values (${id}, ${DateTime.toDateUtc(now)}, ${by})
        on conflict ((true)) where started_at is null do update set requested_by = passes.requested_by
        returning id`.pipe(Effect.flatMap(decodeId))
    return row.id
  }, Effect.orDie)

  const last = sql`select id, started_at, finished_at, ok, candidates, dispatched, error from passes
    where started_at is not null order by started_at desc limit 1`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(LastPass))),
    Effect.map((rows) => rows[0] ?? null),
    Effect.orDie
  )

  const recent = sql`select ok, finished_at from passes
    where started_at is not null order by started_at desc limit ${recentPasses}`.pipe(
    Effect.flatMap(
      Schema.decodeUnknownEffect(
        Schema.Array(
          Schema.Struct({ ok: Schema.NullOr(Schema.Boolean), finishedAt: Schema.NullOr(Timestamp) })
        )
      )
    ),
    Effect.orDie
  )

  const lastGoodAt = sql`select finished_at from passes where ok order by started_at desc limit 1`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ finishedAt: Timestamp })))),
    Effect.map((rows) => rows[0]?.finishedAt ?? null),
    Effect.orDie
  )

  const poller = sql`select poller_holder as holder, poller_next_at as next_at from instance`.pipe(
    Effect.flatMap(
      Schema.decodeUnknownEffect(
        Schema.Tuple([
          Schema.Struct({ holder: Schema.NullOr(Schema.String), nextAt: Schema.NullOr(Timestamp) })
        ])
      )
    ),
    Effect.map(([row]) => row),
    Effect.orDie
  )

  const raiseEpoch = Effect.fn("PassesRepo.raiseEpoch")(
    (holder: string) =>
      sql`update instance set poller_epoch = poller_epoch + 1, poller_holder = ${holder}
        returning poller_epoch`.pipe(
        Effect.flatMap(
          Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ pollerEpoch: Schema.Int })]))
        ),
        Effect.map(([row]) => row.pollerEpoch)
      ),
    Effect.orDie
  )

  const holds = Effect.fn("PassesRepo.holds")(
    (epoch: number) =>
      sql`select 1 from instance where poller_epoch = ${epoch}`.pipe(Effect.map(({ length }) => length > 0)),
    Effect.orDie
  )

  const begin = Effect.fn("PassesRepo.begin")(function* (epoch: number) {
    const now = DateTime.toDateUtc(yield* DateTime.now)
    const decode = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ id: Schema.String })))
    const requested = yield* sql`update passes set started_at = ${now}, epoch = ${epoch}
      where started_at is null returning id`.pipe(Effect.flatMap(decode))
    if (requested[0] !== undefined) return requested[0].id
    const id = yield* random.uuidV7()
    yield* sql`insert into passes (id, requested_at, started_at, epoch) values (${id}, ${now}, ${now}, ${epoch})`
    return id
  }, Effect.orDie)

  const finish = Effect.fn("PassesRepo.finish")(function* (
    id: string,
    result: { readonly candidates: number; readonly dispatched: number; readonly error: string | null }
  ) {
    const now = yield* DateTime.now
    yield* sql`update passes set finished_at = ${DateTime.toDateUtc(now)}, ok = ${result.error === null},
      candidates = ${result.candidates}, dispatched = ${result.dispatched}, error = ${result.error} where id = ${id}`
    yield* sql`delete from passes where started_at < ${DateTime.toDateUtc(DateTime.subtract(now, { days: 2 }))}`
  }, Effect.orDie)

  const nextAt = Effect.fn("PassesRepo.nextAt")(
    (at: DateTime.Utc) =>
      sql`update instance set poller_next_at = ${DateTime.toDateUtc(at)}`.pipe(Effect.asVoid),
    Effect.orDie
  )

  return { request, last, recent, lastGoodAt, poller, raiseEpoch, holds, begin, finish, nextAt }
})

/** Passes and the poller's epoch: after `raiseEpoch`, writes of every earlier poller are refused. */
export class PassesRepo extends Context.Service<PassesRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/poller/PassesRepo"
) {
  static readonly layer = Layer.effect(PassesRepo, make)
}
