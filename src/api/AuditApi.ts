import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { AuditEntry } from "../domain/Audit.ts"
import { someText } from "../domain/Text.ts"
import { Authorization } from "./Authorization.ts"
import { limit, rowId } from "./paging.ts"

export class AuditApi extends HttpApiGroup.make("audit")
  .add(
    HttpApiEndpoint.get("list", "/audit", {
      query: {
        actor: Schema.optionalKey(someText(64)),
        action: Schema.optionalKey(someText(64)),
        subject: Schema.optionalKey(someText(200)),
        before: Schema.optionalKey(rowId),
        limit: Schema.optionalKey(limit)
      },
      success: Schema.Array(AuditEntry)
    }).annotate(
      OpenApi.Description,
      "What operators changed, newest first, never values of secrets. A Link header leads to the next page."
    )
  )
  .middleware(Authorization)
  .annotate(OpenApi.Description, "Who changed what.") {}
