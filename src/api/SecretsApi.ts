import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { TeamKey } from "../domain/Ids.ts"
import { GlobalSecretInput, Secret, SecretName, SecretSet, TeamSecretInput } from "../domain/Secrets.ts"
import { Authorization } from "./Authorization.ts"
import { Invalid, NotFound, UpstreamRefused, UpstreamUnavailable } from "./Errors.ts"

const Deleted = Schema.Struct({ deleted: Schema.Literal(true) })
const ofTeam = "/mappings/:teamKey/secrets"

export class SecretsApi extends HttpApiGroup.make("secrets")
  .add(
    HttpApiEndpoint.get("listGlobal", "/global-secrets", {
      success: Schema.Array(Secret),
      error: [UpstreamRefused, UpstreamUnavailable]
    }).annotate(OpenApi.Description, "Secrets of every team's machines, newest first; never their values.")
  )
  .add(
    HttpApiEndpoint.post("setGlobal", "/global-secrets", {
      payload: GlobalSecretInput,
      success: SecretSet,
      error: [Invalid, UpstreamRefused, UpstreamUnavailable]
    }).annotate(OpenApi.Description, "Sets a secret for the machines of every team.")
  )
  .add(
    HttpApiEndpoint.delete("deleteGlobal", "/global-secrets/:name", {
      params: { name: SecretName },
      success: Deleted,
      error: [NotFound, UpstreamRefused, UpstreamUnavailable]
    }).annotate(OpenApi.Description, "Deletes a secret of every team.")
  )
  .add(
    HttpApiEndpoint.get("list", ofTeam, {
      params: { teamKey: TeamKey },
      success: Schema.Array(Secret),
      error: [NotFound, UpstreamRefused, UpstreamUnavailable]
    }).annotate(OpenApi.Description, "Secrets of one team's machines, newest first; never their values.")
  )
  .add(
    HttpApiEndpoint.post("set", ofTeam, {
      params: { teamKey: TeamKey },
      payload: TeamSecretInput,
      success: SecretSet,
      error: [Invalid, NotFound, UpstreamRefused, UpstreamUnavailable]
    }).annotate(
      OpenApi.Description,
      "Sets a secret for the machines of one team. Fly stores it with the team's key and an underscore as prefix."
    )
  )
  .add(
    HttpApiEndpoint.delete("delete", `${ofTeam}/:name`, {
      params: { teamKey: TeamKey, name: SecretName },
      success: Deleted,
      error: [NotFound, UpstreamRefused, UpstreamUnavailable]
    }).annotate(OpenApi.Description, "Deletes a secret of one team.")
  )
  .middleware(Authorization)
  .annotate(OpenApi.Description, "Environment variables of the Fly Machines, stored by Fly.") {}
