import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Admins, type TooManyTries, type WrongCode } from "../Admins.ts"
import { Api } from "../api/Api.ts"
import { CurrentAdmin } from "../api/Authorization.ts"
import { InvalidAccessCode, TooManyAttempts } from "../api/Errors.ts"
import { Caller } from "./Caller.ts"
import { answerWith } from "./answer.ts"

const refuse = Effect.fnUntraced(function* (error: WrongCode | TooManyTries) {
  switch (error._tag) {
    case "WrongCode":
      return yield* new InvalidAccessCode({
        error: "The access code is wrong. It is the value of ADMIN_ACCESS_CODE where the service runs."
      })
    case "TooManyTries":
      yield* answerWith({ "retry-after": String(error.retryAfter) })
      return yield* new TooManyAttempts({
        error: `Too many wrong access codes. Try again in ${error.retryAfter} s.`,
        retryAfter: error.retryAfter
      })
  }
})

export const layer = HttpApiBuilder.group(
  Api,
  "auth",
  Effect.fn(function* (handlers) {
    const admins = yield* Admins
    return handlers.handleAll({
      signIn: Effect.fn("Auth.signIn")(function* ({ payload }) {
        const { address } = yield* Caller
        return yield* admins.signIn({ code: payload.code, name: payload.name ?? null, address })
      }, Effect.catch(refuse)),
      signOut: () => Effect.flatMap(CurrentAdmin, admins.signOut)
    })
  })
)
