import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import { TeamKey } from "../domain/Ids.ts"
import { Mapping, MappingInput, MappingPatch } from "../domain/Mapping.ts"
import { Authorization } from "./Authorization.ts"
import { Conflict, Invalid, NotFound } from "./Errors.ts"

const params = { teamKey: TeamKey }

export class MappingsApi extends HttpApiGroup.make("mappings")
  .add(HttpApiEndpoint.get("list", "/mappings", { success: Schema.Array(Mapping) }))
  .add(
    HttpApiEndpoint.post("save", "/mappings", {
      payload: MappingInput,
      success: [Mapping.pipe(HttpApiSchema.status(200)), Mapping.pipe(HttpApiSchema.status(201))],
      error: [Invalid, Conflict]
    })
  )
  .add(
    HttpApiEndpoint.patch("patch", "/mappings/:teamKey", {
      params,
      payload: MappingPatch,
      success: Mapping,
      error: NotFound
    })
  )
  .add(
    HttpApiEndpoint.delete("delete", "/mappings/:teamKey", {
      params,
      query: { ifIdle: Schema.optionalKey(Schema.Literals(["true", "false"])) },
      success: Schema.Struct({
        deleted: Schema.Literal(true),
        liveDispatches: Schema.Int,
        secretsLeft: Schema.Int
      }),
      error: [NotFound, Conflict]
    })
  )
  .middleware(Authorization) {}
