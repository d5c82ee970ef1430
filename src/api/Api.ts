import * as HttpApi from "effect/http-api/HttpApi"
import * as OpenApi from "effect/http-api/OpenApi"
import { AuditApi } from "./Audit.ts"
import { AuthApi } from "./Auth.ts"
import { SchemaErrors } from "./Authorization.ts"
import { DispatchesApi } from "./Dispatches.ts"
import { EventsApi } from "./Events.ts"
import { IssuesApi } from "./Issues.ts"
import { MappingsApi } from "./Mappings.ts"
import { finish } from "./openapi.ts"
import { OperationsApi } from "./Operations.ts"
import { QuestionsApi } from "./Questions.ts"
import { SecretsApi } from "./Secrets.ts"
import { SessionsApi } from "./Sessions.ts"
import { TrialsApi } from "./Trials.ts"

/** The whole HTTP API: source of the server, the typed client and the OpenAPI document. */
export class Api extends HttpApi.make("ai-implement")
  .add(AuthApi)
  .add(MappingsApi)
  .add(DispatchesApi)
  .add(IssuesApi)
  .add(QuestionsApi)
  .add(SessionsApi)
  .add(SecretsApi)
  .add(OperationsApi)
  .add(EventsApi)
  .add(AuditApi)
  .add(TrialsApi)
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
