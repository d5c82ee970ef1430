import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Request, Response } from "../Upstream.ts"
import type { Controls } from "./Controls.ts"
import { renderMachine } from "./render.ts"
import type { Machine } from "./State.ts"

const body = <S extends Schema.Constraint>(schema: S) =>
  Schema.decodeUnknownEffect(Schema.fromJsonString(schema))

const exit = body(Schema.Struct({ code: Schema.Int, oomKilled: Schema.optionalKey(Schema.Boolean) }))
const millis = body(Schema.Struct({ millis: Schema.NullOr(Schema.Finite) }))
const limits = body(Schema.Struct({ on: Schema.Boolean }))
const foreign = body(
  Schema.Struct({
    app: Schema.String,
    name: Schema.String,
    metadata: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
    image: Schema.optionalKey(Schema.String),
    env: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
    age: Schema.optionalKey(Schema.Finite)
  })
)

const view = (machine: Machine) => ({ app: machine.app.name, ...renderMachine(machine) })
const done: Response = { status: 204 }

const actions = { start: "startMachine", fail: "failMachine" } as const

/** The local Fly's own routes under `/_control`; undefined for the common ones. */
export const controlRoutes = (controls: Controls) =>
  Effect.fnUntraced(
    function* (request: Request) {
      const [subject = "", id = "", what = ""] = request.url.pathname.split("/").slice(2)
      switch (`${request.method} ${subject}`) {
        case "GET machines":
          if (what === "environment") return { status: 200, body: yield* controls.environmentOf(id) }
          return {
            status: 200,
            body: controls.machines(request.url.searchParams.get("app") ?? undefined).map(view)
          }
        case "POST machines":
          if (id === "") {
            return { status: 201, body: view(yield* controls.putMachine(yield* foreign(request.body))) }
          }
          if (what === "start" || what === "fail") {
            return { status: 200, body: view(yield* controls[actions[what]](id)) }
          }
          if (what !== "exit") return undefined
          return { status: 200, body: view(yield* controls.exitMachine(id, yield* exit(request.body))) }
        case "DELETE machines":
          yield* controls.vanish(id)
          return done
        case "POST start-delay":
          controls.setStartDelay((yield* millis(request.body)).millis ?? Infinity)
          return done
        case "POST stop-delay":
          controls.setStopDelay((yield* millis(request.body)).millis ?? Infinity)
          return done
        case "POST destroy-delay":
          controls.setDestroyDelay((yield* millis(request.body)).millis ?? Infinity)
          return done
        case "POST rate-limits":
          controls.setRateLimits((yield* limits(request.body)).on)
          return done
        case "DELETE tokens":
          controls.revokeTokens()
          return done
      }
      return undefined
    },
    (effect): Effect.Effect<Response | undefined> =>
      Effect.catchTags(effect, {
        SchemaError: (error) => Effect.succeed({ status: 400, body: { error: error.message } }),
        Unknown: (error) => Effect.succeed({ status: 404, body: { error: error.message } })
      })
  )
