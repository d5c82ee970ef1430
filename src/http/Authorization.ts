import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import { Authorization, CurrentAdmin } from "../api/Authorization.ts"
import { Unauthorized } from "../api/Errors.ts"
import { Audit, Recorded } from "../Audit.ts"
import { Caller } from "./Caller.ts"

const refused = new Unauthorized({ error: "A valid token is needed. Get one with POST /api/auth." })

/** Lets through only whom the guard has signed in, and leaves no change of theirs out of the audit. */
export const layer = Layer.effect(
  Authorization,
  Effect.map(Audit, (audit) =>
    Authorization.of({
      bearer: Effect.fnUntraced(function* (handler, { endpoint, group }) {
        const { admin } = yield* Caller
        if (admin === null) return yield* refused
        const recorded = { yet: false }
        const response = yield* handler.pipe(
          Effect.provideService(CurrentAdmin, admin),
          Effect.provideService(Recorded, recorded)
        )
        if (endpoint.method !== "GET" && response.status < 300 && !recorded.yet) {
          const [subject = "instance"] = Object.values(yield* HttpRouter.params)
          yield* audit.record({
            actor: admin,
            action: `${group.identifier.replace(/s$/, "")}.${endpoint.identifier}`,
            subject
          })
        }
        return response
      })
    })
  )
)
