import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import { TeamKey } from "../domain/Ids.ts"
import { Mapping, MappingInput, MappingPatch } from "../domain/Mapping.ts"
import { Readiness } from "../domain/Readiness.ts"
import { TemplateFile, WorkflowSync } from "../domain/Templates.ts"
import { Authorization } from "./Authorization.ts"
import { Conflict, Invalid, NotFound, UpstreamRefused, UpstreamUnavailable } from "./Errors.ts"

const params = { teamKey: TeamKey }

export class MappingsApi extends HttpApiGroup.make("mappings")
  .add(
    HttpApiEndpoint.get("list", "/mappings", { success: Schema.Array(Mapping) }).annotate(
      OpenApi.Description,
      "Every mapping, newest first."
    )
  )
  .add(
    HttpApiEndpoint.post("save", "/mappings", {
      payload: MappingInput,
      success: [Mapping.pipe(HttpApiSchema.status(200)), Mapping.pipe(HttpApiSchema.status(201))],
      error: [Invalid, Conflict]
    }).annotate(
      OpenApi.Description,
      "Creates the mapping of a team (201) or changes it (200). Absent fields stay, or get their default in a new mapping; null resets a field to its default."
    )
  )
  .add(
    HttpApiEndpoint.patch("patch", "/mappings/:teamKey", {
      params,
      payload: MappingPatch,
      success: Mapping,
      error: NotFound
    }).annotate(OpenApi.Description, "Changes the cap of a mapping, or pauses it.")
  )
  .add(
    HttpApiEndpoint.get("readiness", "/mappings/:teamKey/readiness", {
      params,
      success: Readiness,
      error: [NotFound, UpstreamRefused, UpstreamUnavailable]
    }).annotate(
      OpenApi.Description,
      "Checks now whether the mapping's repository has what its dispatches need, and its templates."
    )
  )
  .add(
    HttpApiEndpoint.post("sync", "/mappings/:teamKey/sync-workflows", {
      params,
      success: WorkflowSync,
      error: [NotFound, UpstreamRefused, UpstreamUnavailable]
    }).annotate(
      OpenApi.Description,
      "Opens or updates one pull request with the workflows, the runner and the prompts that the mapping's repository needs. Files that AI-Implement did not write stay."
    )
  )
  .add(
    HttpApiEndpoint.get("templates", "/mappings/:teamKey/templates", {
      params,
      success: Schema.Array(TemplateFile),
      error: [NotFound, UpstreamUnavailable]
    }).annotate(
      OpenApi.Description,
      "The files that the mapping's repository needs, as sync-workflows proposes them."
    )
  )
  .add(
    HttpApiEndpoint.delete("delete", "/mappings/:teamKey", {
      params,
      query: {
        ifIdle: Schema.optionalKey(Schema.Literals(["true", "false"])),
        secrets: Schema.optionalKey(Schema.Literals(["keep", "delete"]))
      },
      success: Schema.Struct({
        deleted: Schema.Literal(true),
        liveDispatches: Schema.Int,
        secretsLeft: Schema.Int
      }),
      error: [NotFound, Conflict, UpstreamRefused, UpstreamUnavailable]
    }).annotate(
      OpenApi.Description,
      "Deletes a mapping. Its live dispatches continue; with ifIdle they prevent it. Its secrets stay with Fly, unless secrets=delete."
    )
  )
  .middleware(Authorization)
  .annotate(OpenApi.Description, "Which team's issues go to which repository, and how.") {}
