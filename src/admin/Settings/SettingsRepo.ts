import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import { flow } from "effect/Function"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlSchema from "effect/sql/SqlSchema"
import { Timestamp } from "../../domain/Text.ts"

export const SettingName = Schema.Literals([
  "runner_mode",
  "fly_sessions_app",
  "fly_sessions_region",
  "setup_manifest",
  "setup_polling_only",
  "setup_test_issue"
])
export type SettingName = typeof SettingName.Type

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const find = SqlSchema.findOneOption({
    Request: SettingName,
    Result: Schema.Struct({ value: Schema.String }),
    execute: (name) => sql`select value from settings where name = ${name}`
  })

  const put = SqlSchema.void({
    Request: Schema.Struct({ name: SettingName, value: Schema.String, updatedAt: Timestamp }),
    execute: (row) => sql`insert into settings ${sql.insert(row)}
      on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at`
  })

  const remove = SqlSchema.void({
    Request: SettingName,
    execute: (name) => sql`delete from settings where name = ${name}`
  })

  const take = SqlSchema.findOneOption({
    Request: Schema.Struct({ name: SettingName, since: Timestamp }),
    Result: Schema.Struct({ value: Schema.String, fresh: Schema.Boolean }),
    execute: ({ name, since }) =>
      sql`delete from settings where name = ${name} returning value, updated_at >= ${since} as fresh`
  })

  return {
    // Until the end of the transaction no other one stores a setting.
    lock: Effect.asVoid(Effect.orDie(sql`lock table settings in share row exclusive mode`)),
    find: (name: SettingName) =>
      Effect.map(Effect.orDie(find(name)), (row) => (row._tag === "Some" ? row.value.value : null)),
    /** Removes it; gives the value to one caller only, and not when it is older than `lifetime`. */
    take: Effect.fnUntraced(function* (name: SettingName, lifetime: Duration.Duration) {
      const since = DateTime.subtractDuration(yield* DateTime.now, lifetime)
      const row = yield* take({ name, since })
      return row._tag === "Some" && row.value.fresh ? row.value.value : null
    }, Effect.orDie),
    put: flow(put, Effect.orDie),
    remove: flow(remove, Effect.orDie)
  }
})

export class SettingsRepo extends Context.Service<SettingsRepo, Effect.Success<typeof make>>()(
  "ai-implement/admin/Settings/SettingsRepo"
) {
  static readonly layer = Layer.effect(SettingsRepo, make)
}
