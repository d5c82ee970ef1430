import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import { Session, SessionEffect } from "../domain/Session.ts"
import { someText } from "../domain/Text.ts"
import { Authorization } from "./Authorization.ts"
import { NotFound, UpstreamUnavailable } from "./Errors.ts"

const machineId = someText(64).check(
  Schema.isPattern(/^[A-Za-z0-9_-]+$/, { message: "must be the id of a machine" })
)

export class SessionsApi extends HttpApiGroup.make("sessions")
  .add(HttpApiEndpoint.get("list", "/sessions", { success: Schema.Array(Session) }))
  .add(
    HttpApiEndpoint.delete("destroy", "/sessions/:machineId", {
      params: { machineId },
      success: Schema.Struct({ destroyed: Schema.Literal(true), effects: Schema.Array(SessionEffect) }),
      error: [NotFound, UpstreamUnavailable]
    })
  )
  .middleware(Authorization) {}
