import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { StoredTeamKey, type TeamKey } from "../../domain/Ids.ts"

const Stored = Schema.Struct({ app: Schema.String, name: Schema.String })
export type StoredName = typeof Stored.Type

const Row = Schema.Struct({
  name: Schema.String,
  teamKey: Schema.NullOr(StoredTeamKey),
  confirmed: Schema.Boolean
})

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const now = Effect.map(DateTime.now, DateTime.toDateUtc)

  const lockMappings = Effect.orDie(sql`lock table mappings in share mode`)

  const rows = Effect.fn("Secrets.rows")(
    (app: string) =>
      sql`select name, team_key, confirmed from secrets where app = ${app} order by name`.pipe(
        Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Row)))
      ),
    Effect.orDie
  )

  const ofTeam = Effect.fn("Secrets.ofTeam")(
    (teamKey: TeamKey) =>
      sql`select app, name from secrets where team_key = ${teamKey} order by app, name`.pipe(
        Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Stored)))
      ),
    Effect.orDie
  )

  const intend = Effect.fn("Secrets.intend")(function* ({ app, name }: StoredName, teamKey: TeamKey | null) {
    const at = yield* now
    yield* sql`insert into secrets (app, name, team_key, created_at, updated_at)
      values (${app}, ${name}, ${teamKey}, ${at}, ${at})
      on conflict (app, name) do update set team_key = excluded.team_key, updated_at = excluded.updated_at`
  }, Effect.orDie)

  const confirm = Effect.fn("Secrets.confirm")(function* ({ app, name }: StoredName, version: number) {
    yield* sql`update secrets set confirmed = true, version = greatest(version, ${version}), updated_at = ${yield* now}
      where app = ${app} and name = ${name}`
  }, Effect.orDie)

  const withdraw = Effect.fn("Secrets.withdraw")(
    ({ app, name }: StoredName) =>
      sql`delete from secrets where app = ${app} and name = ${name} and not confirmed`,
    Effect.orDie
  )

  // Called before Fly deletes it: machines no longer receive it. Returns whether they did.
  const invalidate = Effect.fn("Secrets.invalidate")(
    ({ app, name }: StoredName) =>
      sql`update secrets set confirmed = false where app = ${app} and name = ${name} and confirmed returning 1`.pipe(
        Effect.map(({ length }) => length > 0)
      ),
    Effect.orDie
  )

  const remove = Effect.fn("Secrets.remove")(
    ({ app, name }: StoredName) => sql`delete from secrets where app = ${app} and name = ${name}`,
    Effect.orDie
  )

  return { lockMappings, rows, ofTeam, intend, confirm, withdraw, invalidate, remove }
})

export class SecretsRepo extends Context.Service<SecretsRepo, Effect.Success<typeof make>>()(
  "ai-implement/admin/Secrets/SecretsRepo"
) {
  static readonly layer = Layer.effect(SecretsRepo, make)
}
