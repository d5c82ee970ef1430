import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import {
  ManifestCode,
  ManifestForm,
  ManifestInput,
  Setup,
  SetupLines,
  SetupTeam,
  TestIssue
} from "../domain/Setup.ts"
import { Authorization } from "./Authorization.ts"
import { Conflict, NotFound, UpstreamRefused, UpstreamUnavailable } from "./Errors.ts"

const PollingOnly = Schema.Struct({ pollingOnly: Schema.Boolean })

export class SetupApi extends HttpApiGroup.make("setup")
  .add(
    HttpApiEndpoint.get("get", "/setup", { success: Setup }).annotate(
      OpenApi.Description,
      "The steps from nothing to the first pull request, each checked now, and what their forms offer."
    )
  )
  .add(
    HttpApiEndpoint.post("setPollingOnly", "/setup/polling-only", {
      payload: PollingOnly,
      success: PollingOnly
    }).annotate(
      OpenApi.Description,
      "Chooses to run without webhooks and without reports of runs, or takes that back."
    )
  )
  .add(
    HttpApiEndpoint.post("prepareApp", "/setup/github/manifest", {
      payload: ManifestInput,
      success: ManifestForm
    }).annotate(
      OpenApi.Description,
      "The form that creates the GitHub App: the page of GitHub that it is posted to, and the manifest."
    )
  )
  .add(
    HttpApiEndpoint.post("receiveApp", "/setup/github", {
      payload: ManifestCode,
      success: SetupLines,
      error: [Conflict, UpstreamRefused, UpstreamUnavailable]
    }).annotate(
      OpenApi.Description,
      "Exchanges the code that GitHub led back with, once. The answer is stored nowhere: it is the only copy of the App's key."
    )
  )
  .add(
    HttpApiEndpoint.post("createWebhook", "/setup/linear-webhook", {
      success: SetupLines,
      error: [Conflict, UpstreamRefused, UpstreamUnavailable]
    }).annotate(
      OpenApi.Description,
      "Creates the webhook of Linear. The answer is stored nowhere: it is the only copy of the signing secret."
    )
  )
  .add(
    HttpApiEndpoint.post("createLabel", "/setup/label", {
      payload: SetupTeam,
      success: Schema.Struct({ created: Schema.Boolean }),
      error: [NotFound, UpstreamRefused, UpstreamUnavailable]
    }).annotate(OpenApi.Description, "Creates the pickup label of a team in Linear, where it is missing.")
  )
  .add(
    HttpApiEndpoint.post("createTestIssue", "/setup/test-issue", {
      payload: SetupTeam,
      success: TestIssue.pipe(HttpApiSchema.status(201)),
      error: [NotFound, Conflict, UpstreamRefused, UpstreamUnavailable]
    }).annotate(
      OpenApi.Description,
      "Creates an issue with the pickup label in a mapped team, and requests a pass."
    )
  )
  .add(
    HttpApiEndpoint.delete("removeTestIssue", "/setup/test-issue", {
      success: Schema.Struct({ removed: Schema.Literal(true) }),
      error: [NotFound, UpstreamRefused, UpstreamUnavailable]
    }).annotate(OpenApi.Description, "Moves the test issue to Linear's trash.")
  )
  .middleware(Authorization)
  .annotate(OpenApi.Description, "The set-up, step by step.") {}
