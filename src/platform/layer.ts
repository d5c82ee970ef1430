import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Cluster from "./Cluster.ts"
import { AppConfig } from "./Config.ts"
import * as Observability from "./Observability.ts"
import { Signals } from "./Signals.ts"
import * as Sql from "./Sql.ts"

/** The database of `DATABASE_URL`, else the embedded one in `DATA_DIR`. */
export const database = Layer.unwrap(
  Effect.gen(function* () {
    const { DATABASE_CONNECTIONS, DATABASE_URL, DATA_DIR } = yield* AppConfig
    return Sql.layer({
      databaseUrl: Option.fromNullOr(DATABASE_URL),
      dataDir: DATA_DIR,
      maxConnections: DATABASE_CONNECTIONS
    })
  })
)

export const configuration = Observability.layer.pipe(Layer.provideMerge(AppConfig.layer))

/** Signals, the durable engine and Node's services, on a given database and configuration. */
export const layer = Signals.layer.pipe(
  Layer.provideMerge(Cluster.layer),
  Layer.provideMerge(Layer.merge(NodeServices.layer, NodeCrypto.layer))
)
