import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import { AppConfig } from "../platform/Config.ts"
import { failed } from "./failed.ts"
import { show } from "./show.ts"

const file = Argument.String("file").pipe(Argument.withDescription("Such as backup.gz"))

const backups = Effect.promise(() => import("../operations/Backups.ts"))

const here = <A, E extends { readonly message: string }, R>(effect: Effect.Effect<A, E, R>) =>
  effect.pipe(
    Effect.provide(AppConfig.layer),
    Effect.mapError(({ message }) => failed(message)),
    Effect.provideService(Logger.LogToStderr, true),
    Effect.provideService(References.MinimumLogLevel, "Warn")
  )

export const backup = Command.make(
  "backup",
  { file },
  Effect.fn(function* ({ file }) {
    const { at, rows, tables } = yield* here(Effect.flatMap(backups, ({ backup }) => backup(file)))
    yield* show({ file, at: DateTime.formatIso(at), tables, rows }, [
      `${file} has ${rows} rows of ${tables} tables, as of ${DateTime.formatIso(at)}.`,
      "It holds what the database holds, also the environment of the mappings. Keep it where only you can read it."
    ])
  })
).pipe(Command.withDescription("Write the database of this environment to a file; the service may run"))

export const restore = Command.make(
  "restore",
  { file },
  Effect.fn(function* ({ file }) {
    const { at, rows, tables } = yield* here(Effect.flatMap(backups, ({ restore }) => restore(file)))
    yield* show({ file, at: DateTime.formatIso(at), tables, rows }, [
      `Restored ${rows} rows of ${tables} tables, as of ${DateTime.formatIso(at)}. Dispatching is paused.`,
      "Stop the service that wrote the backup, start this one, compare its live dispatches with their runs, then: npm run ai-implement -- resume"
    ])
  })
).pipe(Command.withDescription("Fill the empty database of this environment from a file"))
