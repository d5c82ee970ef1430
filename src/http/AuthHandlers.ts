import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Authentication, type TooManyTries } from "../admin/Authentication.ts"
import { Api } from "../api/Api.ts"
import { InvalidAccessCode, TooManyAttempts } from "../api/Errors.ts"
import { failWithRetryAfter } from "./ErrorResponses.ts"
import { asAdmin } from "./middleware/Authorization.ts"
import { Caller } from "./middleware/Caller.ts"

const wrongCode = () =>
  Effect.fail(
    new InvalidAccessCode({
      error: "The access code is wrong. It is the value of ADMIN_ACCESS_CODE where the service runs."
    })
  )

const tooManyTries = ({ retryAfter }: TooManyTries) =>
  failWithRetryAfter(
    new TooManyAttempts({ error: `Too many wrong access codes. Try again in ${retryAfter} s.`, retryAfter })
  )

export const layer = HttpApiBuilder.group(
  Api,
  "auth",
  Effect.fn(function* (handlers) {
    const authentication = yield* Authentication
    return handlers.handleAll({
      signIn: Effect.fn("Auth.signIn")(
        function* ({ payload }) {
          const { address } = yield* Caller
          return yield* authentication.signIn({ code: payload.code, name: payload.name ?? null, address })
        },
        Effect.catchTags({ WrongCode: wrongCode, TooManyTries: tooManyTries })
      ),
      signOut: asAdmin((_, by) => authentication.signOut(by))
    })
  })
)
