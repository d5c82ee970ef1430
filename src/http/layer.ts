import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Layer from "effect/Layer"
import * as NetAddress from "effect/net/NetAddress"
import { Api } from "../api/Api.ts"
import { RunnerApi } from "../api/RunnerApi.ts"
import { ForwardedRequests } from "../platform/ForwardedRequests.ts"
import * as Admin from "./site/Admin.ts"
import * as Audit from "./AuditHandlers.ts"
import * as Auth from "./AuthHandlers.ts"
import * as Authorization from "./middleware/Authorization.ts"
import * as Comments from "./CommentsHandlers.ts"
import * as Dispatches from "./DispatchesHandlers.ts"
import * as Events from "./EventsHandlers.ts"
import * as Health from "./HealthRoutes.ts"
import * as Issues from "./IssuesHandlers.ts"
import * as Mappings from "./MappingsHandlers.ts"
import * as Metrics from "./MetricsRoutes.ts"
import * as Operations from "./OperationsHandlers.ts"
import * as Requests from "./middleware/requests.ts"
import * as Plans from "./PlansHandlers.ts"
import { RouteMethods } from "./middleware/RouteMethods.ts"
import * as Questions from "./QuestionsHandlers.ts"
import * as Runner from "./RunnerHandlers.ts"
import * as SchemaErrors from "./middleware/SchemaErrors.ts"
import * as Secrets from "./SecretsHandlers.ts"
import * as Setup from "./SetupHandlers.ts"
import * as Sessions from "./SessionsHandlers.ts"
import * as Server from "./Server.ts"
import { Shutdown } from "./Shutdown.ts"
import * as ConnectionTests from "./ConnectionTestsHandlers.ts"
import * as Webhooks from "./WebhookRoutes.ts"

const api = HttpApiBuilder.layer(Api, { openapiPath: "/api/openapi.json" }).pipe(
  Layer.provide([
    Auth.layer,
    Mappings.layer,
    Dispatches.layer,
    Issues.layer,
    Plans.layer,
    Questions.layer,
    Sessions.layer,
    Secrets.layer,
    Operations.layer,
    Events.layer,
    Audit.layer,
    ConnectionTests.layer,
    Setup.layer
  ]),
  Layer.provide([Authorization.layer, SchemaErrors.layer])
)

const runner = HttpApiBuilder.layer(RunnerApi).pipe(
  Layer.provide([Runner.layer, Comments.layer]),
  Layer.provide(SchemaErrors.layer)
)

const routes = Layer.mergeAll(
  api,
  runner,
  Health.layer,
  Metrics.layer,
  Webhooks.layer,
  Admin.layer,
  Requests.layer
).pipe(Layer.provide(RouteMethods.layer))

const listening = Layer.effectDiscard(
  Effect.flatMap(HttpServer.HttpServer, ({ address }) =>
    Effect.logInfo(`Listening on ${NetAddress.formatUrlUnsafe(address)}`)
  )
)

export const layer = Layer.mergeAll(Shutdown.announce, listening).pipe(
  Layer.provideMerge(
    HttpRouter.serve(routes, {
      disableLogger: true,
      disableListenLog: true,
      routerConfig: { caseSensitive: true }
    })
  ),
  Layer.provideMerge(Server.layer),
  Layer.provideMerge(Shutdown.layer),
  Layer.provide(ForwardedRequests.layer)
)
