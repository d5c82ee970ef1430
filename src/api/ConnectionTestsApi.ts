import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { Trial, TrialSubject } from "../domain/ConnectionTest.ts"
import { Authorization } from "./Authorization.ts"

export class TrialsApi extends HttpApiGroup.make("trials")
  .add(
    HttpApiEndpoint.post("try", "/test/:what", { params: { what: TrialSubject }, success: Trial }).annotate(
      OpenApi.Description,
      "Tries the settings of Linear, GitHub, Fly or the notifications now, and says what happened."
    )
  )
  .middleware(Authorization)
  .annotate(OpenApi.Description, "Settings, tried.") {}
