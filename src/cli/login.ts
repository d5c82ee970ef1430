import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Prompt from "effect/cli/Prompt"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { call, target } from "./call.ts"
import { Credentials } from "./Credentials.ts"
import { failed } from "./failed.ts"

export const secret = Effect.fnUntraced(function* (message: string) {
  const { stdin, stdinIsTerminal } = yield* Stdio.Stdio
  const text = (yield* stdinIsTerminal)
    ? Redacted.value(yield* Prompt.run(Prompt.Hidden({ message })))
    : (yield* Stream.mkString(Stream.decodeText(stdin))).replace(/\r?\n$/, "")
  if (text === "") return yield* failed(`${message}: nothing was given. Type it, or pipe it in.`)
  return text
})

export const login = Command.make(
  "login",
  {
    name: Flag.String("name").pipe(
      Flag.withDescription("How the audit names you"),
      Flag.withFallbackConfig(Config.String("USER")),
      Flag.optional
    )
  },
  Effect.fn(function* ({ name }) {
    const { url } = yield* target
    const code = yield* secret("Access code")
    const named = Option.isSome(name) ? { name: name.value } : {}
    const session = yield* call((client) => client.auth.signIn({ payload: { code, ...named } }))
    const expiresAt = DateTime.formatIso(session.expiresAt)
    const file = yield* (yield* Credentials).write({ url, token: session.token, expiresAt })
    yield* Console.log(`Signed in at ${url} until ${expiresAt}. The token is in ${file}.`)
  })
).pipe(Command.withDescription("Sign in with the access code, for 24 hours"))

export const logout = Command.make(
  "logout",
  {},
  Effect.fn(function* () {
    const { url } = yield* target
    yield* call((client) => client.auth.signOut())
    yield* (yield* Credentials).remove
    yield* Console.log(`Signed out at ${url}.`)
  })
).pipe(Command.withDescription("End the session"))
