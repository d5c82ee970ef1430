import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Request, Response } from "./messages.ts"
import { Action, type Control } from "./Control.ts"

const decodeFault = Schema.decodeUnknownEffect(
  Schema.fromJsonString(
    Schema.Struct({
      match: Schema.optionalKey(Schema.String),
      times: Schema.optionalKey(Schema.NullOr(Schema.Natural)),
      action: Action
    })
  )
)
const decodeLatency = Schema.decodeUnknownEffect(
  Schema.fromJsonString(Schema.Struct({ millis: Schema.Finite }))
)

const done: Response = { status: 204 }

/** Every upstream's control over HTTP, beside its own API. `times: null` means every time. */
export const controlRoutes = Effect.fnUntraced(
  function* (control: Control, request: Request) {
    switch (`${request.method} ${request.url.pathname.slice("/_control".length)}`) {
      case "GET /calls":
        return { status: 200, body: control.calls() } satisfies Response
      case "DELETE /calls":
        control.resetCalls()
        return done
      case "GET /violations":
        return { status: 200, body: control.violations() } satisfies Response
      case "DELETE /violations":
        control.resetViolations()
        return done
      case "POST /faults": {
        const fault = yield* decodeFault(request.body)
        control.failNext({ ...fault, times: fault.times === undefined ? 1 : (fault.times ?? Infinity) })
        return done
      }
      case "DELETE /faults":
        control.clearFaults()
        return done
      case "GET /held":
        return { status: 200, body: control.held() } satisfies Response
      case "DELETE /held":
        control.letGo()
        return done
      case "POST /latency":
        control.setLatency((yield* decodeLatency(request.body)).millis)
        return done
    }
    return { status: 404, body: { error: "No such control route." } } satisfies Response
  },
  Effect.catchTag("SchemaError", (error) =>
    Effect.succeed<Response>({ status: 400, body: { error: error.message } })
  )
)
