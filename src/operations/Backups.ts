import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import packageJson from "../../package.json" with { type: "json" }
import { system } from "../admin/Audit.ts"
import { Instance } from "../admin/Instance.ts"
import { AppConfig } from "../platform/Config.ts"
import * as Sql from "../platform/Sql.ts"
import { makeAtomically } from "../platform/Sql/atomically.ts"
import { read } from "../platform/Sql/backup/read.ts"
import { write } from "../platform/Sql/backup/write.ts"
import * as Migrations from "../platform/Sql/Migrations.ts"

const withDatabase = (layer: (options: Sql.Options) => Sql.DatabaseLayer) =>
  Layer.unwrap(
    Effect.map(AppConfig, ({ DATABASE_URL, DATA_DIR }) =>
      layer({ databaseUrl: Option.fromNullOr(DATABASE_URL), dataDir: DATA_DIR, maxConnections: 1 })
    )
  )

/** Writes the database of DATABASE_URL or DATA_DIR to a new file; a service may run on it. */
export const backup = (file: string) =>
  write(file, packageJson.version).pipe(Effect.provide(withDatabase(Sql.attached)))

const pauseRestored = Effect.fnUntraced(function* (at: DateTime.Utc) {
  const { paused, setPaused } = yield* Instance
  if ((yield* paused) !== null) return
  const reason = `Restored from a backup of ${DateTime.formatIso(at)}. Make sure that no other service works on the same issues, then resume to confirm.`
  yield* setPaused({ paused: true, reason }, system)
})

/** Puts a backup into an empty DATA_DIR, or the empty database of DATABASE_URL; dispatching is paused there. */
export const restore = Effect.fn("Backups.restore")(
  function* (file: string) {
    const atomically = yield* makeAtomically
    return yield* read(file).pipe(
      Effect.tap(() => Migrations.run(Migrations.directory)),
      Effect.tap(({ at }) => Effect.provide(pauseRestored(at), Instance.layer)),
      atomically
    )
  },
  Effect.provide(withDatabase(Sql.server))
)
