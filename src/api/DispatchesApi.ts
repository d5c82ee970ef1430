import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import { Dispatch, DispatchEvent, Logs } from "../domain/Dispatch.ts"
import { DispatchStatus } from "../domain/DispatchStatus.ts"
import { DispatchId, IssueRef, TeamKey } from "../domain/Ids.ts"
import { Authorization } from "./Authorization.ts"
import { Conflict, NotAdmitted, NotFound, UpstreamRefused, UpstreamUnavailable } from "./Errors.ts"
import { limit } from "./paging.ts"

const params = { id: DispatchId }

export class DispatchesApi extends HttpApiGroup.make("dispatches")
  .add(
    HttpApiEndpoint.get("log", "/log", {
      query: {
        team: Schema.optionalKey(TeamKey),
        status: Schema.optionalKey(DispatchStatus),
        issue: Schema.optionalKey(IssueRef),
        before: Schema.optionalKey(DispatchId),
        limit: Schema.optionalKey(limit)
      },
      success: Schema.Array(Dispatch)
    }).annotate(
      OpenApi.Description,
      "The dispatch log, newest first, at most 500 a page. A Link header leads to the next page."
    )
  )
  .add(
    HttpApiEndpoint.get("get", "/dispatches/:id", { params, success: Dispatch, error: NotFound }).annotate(
      OpenApi.Description,
      "One dispatch."
    )
  )
  .add(
    HttpApiEndpoint.get("events", "/dispatches/:id/events", {
      params,
      success: Schema.Array(DispatchEvent),
      error: NotFound
    }).annotate(OpenApi.Description, "The timeline of a dispatch, oldest first.")
  )
  .add(
    HttpApiEndpoint.get("logs", "/dispatches/:id/logs", { params, success: Logs, error: NotFound }).annotate(
      OpenApi.Description,
      "The last lines that the runner sent, stored for 7 days; without them where to read the log."
    )
  )
  .add(
    HttpApiEndpoint.post("cancel", "/dispatches/:id/cancel", {
      params,
      success: Dispatch.pipe(HttpApiSchema.status(202)),
      error: [NotFound, Conflict]
    }).annotate(
      OpenApi.Description,
      "Ends a reserved dispatch at once and asks any other to stop. Its issue is then held: no pass dispatches it until it is released or dispatched by a command."
    )
  )
  .add(
    HttpApiEndpoint.post("retry", "/dispatches/:id/retry", {
      params,
      success: Dispatch.pipe(HttpApiSchema.status(202)),
      error: [NotFound, Conflict, NotAdmitted, UpstreamRefused, UpstreamUnavailable]
    }).annotate(OpenApi.Description, "Repeats the phase of a settled dispatch that is its issue's latest.")
  )
  .middleware(Authorization)
  .annotate(OpenApi.Description, "The dispatch log, and what can be done with one dispatch.") {}
