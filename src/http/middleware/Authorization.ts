import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Authorization, CurrentAdmin } from "../../api/Authorization.ts"
import { Unauthorized } from "../../api/Errors.ts"
import { Caller } from "./Caller.ts"

const refused = new Unauthorized({ error: "A valid token is needed. Get one with POST /api/auth." })

/** Lets through only whom the guard has signed in. */
export const layer = Layer.succeed(
  Authorization,
  Authorization.of({
    bearer: Effect.fnUntraced(function* (handler) {
      const { admin } = yield* Caller
      if (admin === null) return yield* refused
      return yield* Effect.provideService(handler, CurrentAdmin, admin)
    })
  })
)
