import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { Destruction, Session } from "../domain/Session.ts"
import { someText } from "../domain/Text.ts"
import { Authorization } from "./Authorization.ts"
import { NotFound, UpstreamRefused, UpstreamUnavailable } from "./Errors.ts"

const machineId = someText(64).check(
  Schema.isPattern(/^[A-Za-z0-9_-]+$/, { message: "must be the id of a machine" })
)

export class SessionsApi extends HttpApiGroup.make("sessions")
  .add(
    HttpApiEndpoint.get("list", "/sessions", { success: Schema.Array(Session) }).annotate(
      OpenApi.Description,
      "Our machines that are created, starting or started, at most 5 seconds old."
    )
  )
  .add(
    HttpApiEndpoint.delete("destroy", "/sessions/:machineId", {
      params: { machineId },
      success: Destruction,
      error: [NotFound, UpstreamRefused, UpstreamUnavailable]
    }).annotate(
      OpenApi.Description,
      "Destroys a machine, removes the label and clears dedup. Waits for the machine up to 2 seconds; destroyed: false means accepted and under way. Repeating the request returns the progress."
    )
  )
  .middleware(Authorization)
  .annotate(OpenApi.Description, "The Fly Machines that run issues.") {}
