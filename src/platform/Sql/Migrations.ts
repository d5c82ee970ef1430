import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Migrator from "effect/sql/Migrator"
import * as MigratorFileSystem from "effect/sql/MigratorFileSystem"
import { fileURLToPath } from "node:url"
import { DatabaseError, messageOf } from "./DatabaseError.ts"

export const directory = fileURLToPath(new URL("../../../migrations", import.meta.url))
const migrate = Migrator.make({})

/** Runs the missing migrations `NNNN_name.ts` in one transaction, one process at a time; returns those it ran. */
export const run = Effect.fn("Migrations.run")(
  function* (from: string) {
    const ran = yield* migrate({
      loader: MigratorFileSystem.fromFileSystem(from),
      table: "migrations"
    }).pipe(
      Effect.mapError(
        (error) =>
          new DatabaseError({
            reason: "NotMigrated",
            message: `The database cannot be migrated: ${detail(error)}. It was left as it was.`
          })
      )
    )
    if (ran.length > 0) yield* Effect.logInfo(`Migrated the database to ${ran.at(-1)?.join(" ")}`)
    return ran
  },
  Effect.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer))
)

const detail = (error: Error) =>
  error.cause instanceof Error ? `${error.message}: ${messageOf(error)}` : error.message

export const layer = (from: string = directory) => Layer.effectDiscard(run(from))
