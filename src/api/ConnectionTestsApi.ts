import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { ConnectionTest, ConnectionTestSubject } from "../domain/ConnectionTest.ts"
import { Authorization } from "./Authorization.ts"

export class ConnectionTestsApi extends HttpApiGroup.make("connectionTests")
  .add(
    HttpApiEndpoint.post("try", "/test/:what", {
      params: { what: ConnectionTestSubject },
      success: ConnectionTest
    }).annotate(
      OpenApi.Description,
      "Tests the settings of Linear, GitHub, Fly or the notifications now, and returns the result."
    )
  )
  .middleware(Authorization)
  .annotate(OpenApi.Description, "Tests of configured connections.") {}
