import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import { failed } from "./failed.ts"

const Credentials_ = Schema.fromJsonString(
  Schema.Struct({ url: Schema.String, token: Schema.String, expiresAt: Schema.String })
)
export type SignedIn = typeof Credentials_.Type

const decode = Schema.decodeUnknownOption(Credentials_)
const encode = Schema.encodeSync(Credentials_)

const home = Config.String("XDG_CONFIG_HOME").pipe(
  Config.orElse(() => Config.String("APPDATA")),
  Config.orElse(() => Config.map(Config.String("HOME"), (folder) => `${folder}/.config`))
)

/** The operator's sign-in: one file that only they can read. */
export class Credentials extends Context.Service<
  Credentials,
  {
    readonly read: Effect.Effect<SignedIn | null>
    readonly write: (signedIn: SignedIn) => Effect.Effect<string, ReturnType<typeof failed>>
    readonly remove: Effect.Effect<void>
  }
>()("ai-implement/cli/Credentials") {
  static readonly layer = Layer.effect(
    Credentials,
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const folder = path.join(yield* Effect.orElseSucceed(home, () => "."), "ai-implement")
      const file = path.join(folder, "credentials.json")

      const read = fs.readFileString(file).pipe(
        Effect.map((text) => Option.getOrNull(decode(text))),
        Effect.orElseSucceed(() => null)
      )

      const write = (signedIn: SignedIn) =>
        Effect.gen(function* () {
          yield* fs.makeDirectory(folder, { recursive: true, mode: 0o700 })
          const next = `${file}.${process.pid}`
          yield* fs.writeFileString(next, encode(signedIn), { mode: 0o600 })
          yield* fs.rename(next, file)
          return file
        }).pipe(
          Effect.mapError(({ message }) =>
            failed(`The token cannot be stored in ${file}: ${message}. You are not signed in here.`)
          )
        )

      return Credentials.of({ read, write, remove: Effect.ignore(fs.remove(file)) })
    })
  )
}
