import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import { Dispatch, DispatchEvent, Logs } from "../domain/Dispatch.ts"
import { DispatchStatus } from "../domain/DispatchStatus.ts"
import { DispatchId, IssueRef, TeamKey } from "../domain/Ids.ts"
import { Authorization } from "./Authorization.ts"
import { Conflict, NotAdmitted, NotFound, UpstreamUnavailable } from "./Errors.ts"
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
    })
  )
  .add(HttpApiEndpoint.get("get", "/dispatches/:id", { params, success: Dispatch, error: NotFound }))
  .add(
    HttpApiEndpoint.get("events", "/dispatches/:id/events", {
      params,
      success: Schema.Array(DispatchEvent),
      error: NotFound
    })
  )
  .add(HttpApiEndpoint.get("logs", "/dispatches/:id/logs", { params, success: Logs, error: NotFound }))
  .add(
    HttpApiEndpoint.post("cancel", "/dispatches/:id/cancel", {
      params,
      success: Dispatch.pipe(HttpApiSchema.status(202)),
      error: [NotFound, Conflict]
    })
  )
  .add(
    HttpApiEndpoint.post("retry", "/dispatches/:id/retry", {
      params,
      success: Dispatch.pipe(HttpApiSchema.status(202)),
      error: [NotFound, Conflict, NotAdmitted, UpstreamUnavailable]
    })
  )
  .middleware(Authorization) {}
