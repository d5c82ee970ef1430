import * as Layer from "effect/Layer"
import * as Admin from "./admin/layer.ts"
import * as Dispatching from "./dispatching/layer.ts"
import * as Http from "./http/layer.ts"
import * as Messaging from "./messaging/layer.ts"
import * as Operations from "./operations/layer.ts"
import * as Startup from "./operations/Startup.ts"
import * as Platform from "./platform/layer.ts"
import * as Upstreams from "./upstreams/layer.ts"

/** Everything but HTTP, on a given database and configuration. */
export const service = Operations.layer.pipe(
  Layer.provideMerge(Dispatching.layer),
  Layer.provideMerge(Messaging.layer),
  Layer.provideMerge(Admin.layer),
  Layer.provideMerge(Upstreams.layer),
  Layer.provideMerge(Platform.layer)
)

export const layer = Layer.merge(Http.layer, Startup.layer).pipe(
  Layer.provideMerge(service),
  Layer.provideMerge(Platform.database),
  Layer.provideMerge(Platform.configuration)
)
