import * as NodeClusterSocket from "@effect/platform-node/NodeClusterSocket"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as ClusterWorkflowEngine from "effect/cluster/ClusterWorkflowEngine"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import { firstFreePort, isPublicAddress } from "./Cluster/address.ts"
import { AppConfig } from "./Config.ts"
import { Database } from "./Sql/Database.ts"

// The address for replicas is public, and their protocol has no authentication.
class PublicClusterAddress extends Schema.TaggedError<PublicClusterAddress>()("PublicClusterAddress", {
  message: Schema.String
}) {}

const firstPort = 34_431

const maxResident = 400

/** How many locks the entities are spread over; the same in every replica. */
export const ShardsPerGroup = Context.Reference<number>("ai-implement/platform/Cluster/ShardsPerGroup", {
  defaultValue: () => 60
})

// A stable address of this process, so that a restarted replica resumes its work.
const runnerAddress = Effect.gen(function* () {
  const { CLUSTER_ADDRESS, CLUSTER_PORT, FLY_PRIVATE_IP } = yield* AppConfig
  const { kind } = yield* Database
  if (kind === "embedded") return RunnerAddress.make("127.0.0.1", 0)
  const host = CLUSTER_ADDRESS ?? FLY_PRIVATE_IP ?? "127.0.0.1"
  if (isPublicAddress(host)) {
    return yield* new PublicClusterAddress({
      message: `CLUSTER_ADDRESS ${host} can be reached from outside, and replicas talk without authentication. Nothing was started. Set it to a loopback or private address.`
    })
  }
  return RunnerAddress.make(host, CLUSTER_PORT ?? (yield* firstFreePort(host, firstPort)))
})

/** The durable engine: singletons and workflows on PostgreSQL, the same in one process and in many. */
export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const address = yield* runnerAddress
    return ClusterWorkflowEngine.layer.pipe(
      Layer.provideMerge(
        NodeClusterSocket.layer({
          storage: "sql",
          shardingConfig: {
            runnerAddress: Option.some(address),
            runnerListenAddress: Option.some(address),
            shardsPerGroup: yield* ShardsPerGroup,
            maxResidentEntities: maxResident,
            shardLockExpiration: "10 seconds",
            shardLockRefreshInterval: "3 seconds",
            refreshAssignmentsInterval: "2 seconds",
            entityMessagePollInterval: "1 second",
            runnerHealthCheckInterval: "5 seconds",
            entityTerminationTimeout: "5 seconds"
          }
        })
      )
    )
  })
)
