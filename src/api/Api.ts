import * as HttpApi from "effect/http-api/HttpApi"
import * as OpenApi from "effect/http-api/OpenApi"
import { AuditApi } from "./AuditApi.ts"
import { AuthApi } from "./AuthApi.ts"
import { SchemaErrors } from "./Authorization.ts"
import { DispatchesApi } from "./DispatchesApi.ts"
import { EventsApi } from "./EventsApi.ts"
import { IssuesApi } from "./IssuesApi.ts"
import { MappingsApi } from "./MappingsApi.ts"
import { finish } from "./openapi.ts"
import { OperationsApi } from "./OperationsApi.ts"
import { PlansApi } from "./PlansApi.ts"
import { QuestionsApi } from "./QuestionsApi.ts"
import { SecretsApi } from "./SecretsApi.ts"
import { SetupApi } from "./SetupApi.ts"
import { SessionsApi } from "./SessionsApi.ts"
import { ConnectionTestsApi } from "./ConnectionTestsApi.ts"

/** The whole HTTP API: source of the server, the typed client and the OpenAPI document. */
export class Api extends HttpApi.make("ai-implement")
  .add(AuthApi)
  .add(MappingsApi)
  .add(DispatchesApi)
  .add(IssuesApi)
  .add(PlansApi)
  .add(QuestionsApi)
  .add(SessionsApi)
  .add(SecretsApi)
  .add(OperationsApi)
  .add(EventsApi)
  .add(AuditApi)
  .add(ConnectionTestsApi)
  .add(SetupApi)
  .middleware(SchemaErrors)
  .prefix("/api")
  .annotate(HttpApi.ParseOptions, { errors: "all", onExcessProperty: "error" })
  .annotate(HttpApi.HeadersParseOptions, { errors: "all" })
  .annotateMerge(
    OpenApi.annotations({
      title: "AI-Implement",
      description: "Turns a Linear backlog into pull requests.",
      version: "1",
      servers: [{ url: "/" }],
      transform: finish,
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" }
    })
  ) {}
