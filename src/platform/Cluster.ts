import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as MessageStorage from "effect/cluster/MessageStorage"
import * as Layer from "effect/Layer"
import * as NetAddress from "effect/net/NetAddress"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { SocketServer } from "effect/socket/SocketServer"
import * as ClusterWorkflowEngine from "effect/cluster/ClusterWorkflowEngine"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import * as RunnerHealth from "effect/cluster/RunnerHealth"
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import * as Runners from "effect/cluster/Runners"
import * as Sharding from "effect/cluster/Sharding"
import * as ShardingConfig from "effect/cluster/ShardingConfig"
import * as SocketRunner from "effect/cluster/SocketRunner"
import * as SqlMessageStorage from "effect/cluster/SqlMessageStorage"
import * as SqlRunnerStorage from "effect/cluster/SqlRunnerStorage"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import { isPublicAddress } from "./Cluster/address.ts"
import { replicaKey } from "./Sql/replicaKey.ts"
import { throughOutages } from "./Cluster/throughOutages.ts"
import * as transport from "./Cluster/transport.ts"
import { AppConfig } from "./Config.ts"
import { Database } from "./Sql/Database.ts"

// The address for replicas is public.
class PublicClusterAddress extends Schema.TaggedError<PublicClusterAddress>()("PublicClusterAddress", {
  message: Schema.String
}) {}

const maxResident = 400

/** How many locks the entities are spread over; the same in every replica. */
export const ShardsPerGroup = Context.Reference<number>("ai-implement/platform/Cluster/ShardsPerGroup", {
  defaultValue: () => 60
})

const shardingConfig = (address: RunnerAddress.RunnerAddress) =>
  Layer.unwrap(
    Effect.map(ShardsPerGroup, (shardsPerGroup) =>
      ShardingConfig.layerFromEnv({
        runnerAddress: Option.some(address),
        runnerListenAddress: Option.some(address),
        shardsPerGroup,
        maxResidentEntities: maxResident,
        shardLockExpiration: "10 seconds",
        shardLockRefreshInterval: "3 seconds",
        refreshAssignmentsInterval: "2 seconds",
        entityMessagePollInterval: "1 second",
        runnerHealthCheckInterval: "5 seconds",
        entityTerminationTimeout: "5 seconds"
      })
    )
  )

const messages = Layer.effect(
  MessageStorage.MessageStorage,
  Effect.map(MessageStorage.MessageStorage, throughOutages)
).pipe(Layer.provide(SqlMessageStorage.layer), Layer.provide(NodeCrypto.layerDigest))

// A lock is lost with its connection: what ran on it then ends, and starts again once the database is back.
const locks = Layer.effect(
  RunnerStorage.RunnerStorage,
  Effect.gen(function* () {
    const { acquire, refresh, release, releaseAll } = yield* RunnerStorage.RunnerStorage
    return RunnerStorage.RunnerStorage.of({
      ...(yield* RunnerStorage.makeMemory),
      acquire,
      refresh,
      release,
      releaseAll
    })
  })
).pipe(Layer.provide(Layer.orDie(SqlRunnerStorage.layer)))

// The embedded database serves one process: it listens for no other, and looks for none.
const alone = Sharding.layer.pipe(
  Layer.provideMerge(Runners.layerNoop),
  Layer.provideMerge(messages),
  Layer.provideMerge(locks),
  Layer.provide(RunnerHealth.layerNoop),
  Layer.provide(shardingConfig(RunnerAddress.make("127.0.0.1", 0)))
)

const amongReplicas = Layer.unwrap(
  Effect.gen(function* () {
    const { CLUSTER_ADDRESS, CLUSTER_PORT, FLY_PRIVATE_IP } = yield* AppConfig
    const host = CLUSTER_ADDRESS ?? FLY_PRIVATE_IP ?? "127.0.0.1"
    if (isPublicAddress(host)) {
      return yield* new PublicClusterAddress({
        message: `CLUSTER_ADDRESS ${host} can be reached from outside. Nothing was started. Set it to a loopback or private address.`
      })
    }
    const key = yield* replicaKey
    const server = yield* transport.listen({ host, port: CLUSTER_PORT, key })
    // A stable address of this process, so that a restarted replica resumes its work.
    const address = RunnerAddress.make(
      host,
      NetAddress.isInetAddress(server.address) ? server.address.port : 0
    )
    const client = transport.client(key)
    return SocketRunner.layer.pipe(
      Layer.provide(RunnerHealth.layerPing.pipe(Layer.provide(Runners.layerRpc))),
      Layer.provide([Layer.succeed(SocketServer, server), client]),
      Layer.provideMerge(messages),
      Layer.provideMerge(Layer.orDie(SqlRunnerStorage.layer)),
      Layer.provide(shardingConfig(address)),
      Layer.provide(RpcSerialization.layerSchemaBinary())
    )
  })
)

/** The durable engine: singletons and workflows on PostgreSQL, in one process or in many. */
export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const { kind } = yield* Database
    return ClusterWorkflowEngine.layer.pipe(Layer.provideMerge(kind === "embedded" ? alone : amongReplicas))
  })
)
