import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import { DedupEntry } from "../domain/Dedup.ts"
import { Dispatch } from "../domain/Dispatch.ts"
import { IssueRef, TeamKey } from "../domain/Ids.ts"
import { Issue } from "../domain/Issue.ts"
import { Phase } from "../domain/Modes.ts"
import { RejectReason } from "../domain/Plan.ts"
import { ReasonTag } from "../domain/Reason.ts"
import { Authorization } from "./Authorization.ts"
import { Conflict, NotAdmitted, NotFound, UpstreamRefused, UpstreamUnavailable } from "./Errors.ts"

const params = { issueId: IssueRef }
const cleared = Schema.Array(Schema.String)
const Changed = Schema.Struct({ issue: Issue, cleared })

export class IssuesApi extends HttpApiGroup.make("issues")
  .add(
    HttpApiEndpoint.get("list", "/issues", {
      query: {
        team: Schema.optionalKey(TeamKey),
        reason: Schema.optionalKey(ReasonTag),
        issue: Schema.optionalKey(IssueRef)
      },
      success: Schema.Array(Issue)
    }).annotate(OpenApi.Description, "The candidates of the last pass with the decision about each.")
  )
  .add(
    HttpApiEndpoint.post("unpark", "/issues/:issueId/unpark", {
      params,
      success: Changed,
      error: [NotFound, Conflict]
    }).annotate(
      OpenApi.Description,
      "Unparks an issue, or releases one that is held since an operator cancelled its dispatch, so that it can be dispatched again."
    )
  )
  .add(
    HttpApiEndpoint.post("reset", "/issues/:issueId/reset", {
      params,
      success: Changed,
      error: [NotFound, Conflict, UpstreamRefused, UpstreamUnavailable]
    }).annotate(
      OpenApi.Description,
      "Removes stray labels from an issue and clears its failures and its dedup window."
    )
  )
  .add(
    HttpApiEndpoint.post("approve", "/issues/:issueId/approve", {
      params,
      success: Changed,
      error: [NotFound, Conflict]
    }).annotate(OpenApi.Description, "Approves the plan of an issue, so that it is carried out.")
  )
  .add(
    HttpApiEndpoint.post("reject", "/issues/:issueId/reject", {
      params,
      payload: Schema.Struct({ reason: RejectReason }),
      success: Changed,
      error: [NotFound, Conflict]
    }).annotate(OpenApi.Description, "Rejects the plan of an issue; the next planning receives the reason.")
  )
  .add(
    HttpApiEndpoint.post("dispatch", "/issues/:issueId/dispatch", {
      params,
      payload: [Schema.Struct({ phase: Schema.optionalKey(Phase) }), Schema.Null],
      success: Dispatch.pipe(HttpApiSchema.status(202)),
      error: [NotFound, NotAdmitted, UpstreamRefused, UpstreamUnavailable]
    }).annotate(
      OpenApi.Description,
      "Dispatches an issue now, bypassing dedup, backoff and parking; every other rule holds."
    )
  )
  .add(
    HttpApiEndpoint.get("dedup", "/dedup", { success: Schema.Array(DedupEntry) }).annotate(
      OpenApi.Description,
      "The issues that the poller does not dispatch again for 24 hours after their dispatch."
    )
  )
  .add(
    HttpApiEndpoint.delete("removeFromDedup", "/dedup/:issueId", {
      params,
      success: Schema.Struct({ deleted: Schema.Literal(true), cleared }),
      error: NotFound
    }).annotate(OpenApi.Description, "Removes an issue from dedup, and clears its backoff and parking.")
  )
  .middleware(Authorization)
  .annotate(OpenApi.Description, "The issues that have the pickup label, and why each waits.") {}
