import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { DispatchId } from "../domain/Ids.ts"
import { PlanHistory } from "../domain/Plan.ts"
import { Authorization } from "./Authorization.ts"
import { NotFound } from "./Errors.ts"

export class PlansApi extends HttpApiGroup.make("plans")
  .add(
    HttpApiEndpoint.get("get", "/plans/:dispatchId", {
      params: { dispatchId: DispatchId },
      success: PlanHistory,
      error: NotFound
    }).annotate(
      OpenApi.Description,
      "The last ten plans of the issue of a dispatch, newest first, each with its documents and verdict."
    )
  )
  .middleware(Authorization)
  .annotate(OpenApi.Description, "What planning runs propose, and what was decided about it.") {}
