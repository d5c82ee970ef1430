import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { FailureState } from "../../domain/Failures.ts"
import type { Phase } from "../../domain/Modes.ts"
import { Timestamp } from "../../domain/Text.ts"
import type { IssueId } from "../../domain/Ids.ts"

const Row = Schema.Struct({
  failures: Schema.Int,
  backoffUntil: Schema.NullOr(Timestamp),
  parkedAt: Schema.NullOr(Timestamp),
  last: Schema.NullOr(Schema.String)
})

const Cleared = Schema.Array(Schema.Struct({ backoff: Schema.Boolean, parked: Schema.Boolean }))

const nullableDate = (at: DateTime.Utc | null) => (at === null ? null : DateTime.toDateUtc(at))

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const date = Effect.map(DateTime.now, DateTime.toDateUtc)

  const lock = Effect.fn("Failures.lock")(function* (issueId: IssueId, phase: Phase) {
    const rows = yield* sql`select failures, backoff_until, parked_at, last from issue_failures
      where issue_id = ${issueId} and phase = ${phase} for update`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Row)))
    )
    return rows[0] ?? null
  }, Effect.orDie)

  const put = Effect.fn("Failures.put")(function* (
    issueId: IssueId,
    phase: Phase,
    state: FailureState | null
  ) {
    if (state === null) {
      yield* sql`delete from issue_failures where issue_id = ${issueId} and phase = ${phase}`
    } else {
      yield* sql`insert into issue_failures ${sql.insert({
        issueId,
        phase,
        failures: state.failures,
        backoffUntil: nullableDate(state.backoffUntil),
        parkedAt: nullableDate(state.parkedAt),
        last: state.last,
        updatedAt: yield* date
      })} on conflict (issue_id, phase) do update set failures = excluded.failures,
        backoff_until = excluded.backoff_until, parked_at = excluded.parked_at, last = excluded.last,
        updated_at = excluded.updated_at`
    }
  }, Effect.orDie)

  const park = Effect.fn("Failures.park")(function* (issueId: IssueId, phase: Phase, why: string) {
    const at = yield* date
    yield* sql`insert into issue_failures ${sql.insert({
      issueId,
      phase,
      failures: 0,
      parkedAt: at,
      last: why,
      updatedAt: at
    })} on conflict (issue_id, phase) do update set parked_at = coalesce(issue_failures.parked_at, excluded.parked_at),
      last = excluded.last, updated_at = excluded.updated_at`
  }, Effect.orDie)

  const clear = Effect.fn("Failures.clear")(function* (issueIds: ReadonlyArray<string>) {
    const cleared = yield* sql`delete from issue_failures where issue_id = any(${issueIds}::text[])
      returning backoff_until is not null as backoff, parked_at is not null as parked`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Cleared))
    )
    return {
      backoff: cleared.some(({ backoff }) => backoff),
      parked: cleared.some(({ parked }) => parked)
    }
  }, Effect.orDie)

  return { lock, put, park, clear }
})

export class FailuresRepo extends Context.Service<FailuresRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/issues/FailuresRepo"
) {
  static readonly layer = Layer.effect(FailuresRepo, make)
}
