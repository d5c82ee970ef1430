import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { StoredTeamKey, type TeamKey } from "../../domain/Ids.ts"

const Row = Schema.Struct({
  name: Schema.String,
  teamKey: Schema.NullOr(StoredTeamKey),
  version: Schema.Int
})

const variableOf = ({ name, teamKey }: typeof Row.Type) =>
  teamKey === null ? name : name.slice(teamKey.length + 1)

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  // A team's own secret replaces the shared one of the same variable.
  const of = Effect.fn("MachineSecrets.of")(function* (app: string, teamKey: TeamKey) {
    const rows = yield* sql`select name, team_key, version from secrets
      where app = ${app} and confirmed and (team_key is null or team_key = ${teamKey})
      order by team_key is not null, name`.pipe(Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Row))))
    const byVariable = new Map(rows.map((row) => [variableOf(row), row.name]))
    return {
      secrets: [...byVariable].map(([variable, name]) => ({ variable, name })),
      version: rows.length === 0 ? null : Math.max(...rows.map(({ version }) => version))
    }
  }, Effect.orDie)

  return { of }
})

export class MachineSecretsRepo extends Context.Service<MachineSecretsRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/sessions/MachineSecretsRepo"
) {
  static readonly layer = Layer.effect(MachineSecretsRepo, make)
}
