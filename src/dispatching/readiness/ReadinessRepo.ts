import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { Timestamp } from "../../domain/Text.ts"
import type { Assessment } from "./assess.ts"
import { StoredTeamKey, type TeamKey } from "../../domain/Ids.ts"

const ReadinessRow = Schema.Struct({
  teamKey: StoredTeamKey,
  fingerprint: Schema.String,
  checkedAt: Timestamp,
  ready: Schema.Boolean
})
export type ReadinessRow = typeof ReadinessRow.Type

const decodeReadiness = Schema.decodeUnknownEffect(Schema.Array(ReadinessRow))

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const lastChecks = Effect.fn("ReadinessRepo.lastChecks")(
    (teamKeys: ReadonlyArray<string>) =>
      sql`select team_key, fingerprint, checked_at, ready from readiness where team_key = any(${teamKeys}::text[])`.pipe(
        Effect.flatMap(decodeReadiness)
      ),
    Effect.orDie
  )

  const save = Effect.fn("ReadinessRepo.save")(
    (
      { checkedAt, fingerprint, teamKey }: Omit<ReadinessRow, "ready">,
      { checks, problems, repositoryId, undeclaredInputs }: Assessment
    ) =>
      sql`insert into readiness (team_key, fingerprint, checked_at, ready, repository_id, checks, problems, undeclared_inputs)
        select ${teamKey}, ${fingerprint}, ${DateTime.toDateUtc(checkedAt)}, ${problems.length === 0}, ${repositoryId},
          ${JSON.stringify(checks)}, ${JSON.stringify(problems)}, ${JSON.stringify(undeclaredInputs)}
        where exists (select 1 from mappings where team_key = ${teamKey})
        on conflict (team_key) do update set fingerprint = excluded.fingerprint, checked_at = excluded.checked_at,
          ready = excluded.ready, repository_id = excluded.repository_id, checks = excluded.checks,
          problems = excluded.problems, undeclared_inputs = excluded.undeclared_inputs
        where readiness.checked_at <= excluded.checked_at`.pipe(Effect.asVoid),
    Effect.orDie
  )

  const invalidate = Effect.fn("ReadinessRepo.invalidate")(
    (teamKey: TeamKey) =>
      sql`update readiness set fingerprint = '' where team_key = ${teamKey}`.pipe(Effect.asVoid),
    Effect.orDie
  )

  return { lastChecks, save, invalidate }
})

export class ReadinessRepo extends Context.Service<ReadinessRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/readiness/ReadinessRepo"
) {
  static readonly layer = Layer.effect(ReadinessRepo, make)
}
