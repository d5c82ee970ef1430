import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Layer from "effect/Layer"
import * as NetAddress from "effect/net/NetAddress"
import { Api } from "../api/Api.ts"
import { RunnerApi } from "../api/Runner.ts"
import * as Admin from "./Admin.ts"
import * as Audit from "./Audit.ts"
import * as Auth from "./Auth.ts"
import * as Authorization from "./Authorization.ts"
import * as Comments from "./Comments.ts"
import * as Dispatches from "./Dispatches.ts"
import * as Events from "./Events.ts"
import * as Guard from "./Guard.ts"
import * as Health from "./Health.ts"
import * as Issues from "./Issues.ts"
import * as Mappings from "./Mappings.ts"
import * as Metrics from "./Metrics.ts"
import * as Operations from "./Operations.ts"
import { openapiPath } from "./route.ts"
import * as Questions from "./Questions.ts"
import * as Runner from "./Runner.ts"
import * as SchemaErrors from "./SchemaErrors.ts"
import * as Secrets from "./Secrets.ts"
import * as Sessions from "./Sessions.ts"
import * as Server from "./Server.ts"
import { Shutdown } from "./Shutdown.ts"
import * as Trials from "./Trials.ts"
import * as Webhooks from "./Webhooks.ts"

const api = HttpApiBuilder.layer(Api, { openapiPath }).pipe(
  Layer.provide([
    Auth.layer,
    Mappings.layer,
    Dispatches.layer,
    Issues.layer,
    Questions.layer,
    Sessions.layer,
    Secrets.layer,
    Operations.layer,
    Events.layer,
    Audit.layer,
    Trials.layer
  ]),
  Layer.provide([Authorization.layer, SchemaErrors.layer])
)

const runner = HttpApiBuilder.layer(RunnerApi).pipe(
  Layer.provide([Runner.layer, Comments.layer]),
  Layer.provide(SchemaErrors.layer)
)

/** Every route, to be served. */
export const routes = Layer.mergeAll(
  api,
  runner,
  Health.layer,
  Metrics.layer,
  Webhooks.layer,
  Admin.layer,
  Guard.layer
)

const listening = Layer.effectDiscard(
  Effect.flatMap(HttpServer.HttpServer, ({ address }) =>
    Effect.logInfo(`Listening on ${NetAddress.formatUrlUnsafe(address)}`)
  )
)

/** Serves all of it on HOST and PORT until the scope ends; gives the HttpServer, whose address tests read. */
export const layer = Layer.mergeAll(Shutdown.announce, listening).pipe(
  Layer.provideMerge(
    HttpRouter.serve(routes, {
      disableLogger: true,
      disableListenLog: true,
      routerConfig: { caseSensitive: true }
    })
  ),
  Layer.provideMerge(Server.layer),
  Layer.provideMerge(Shutdown.layer)
)
