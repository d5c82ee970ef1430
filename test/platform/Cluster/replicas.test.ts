import { assert, describe, it } from "@effect/vitest"
import * as NodeClusterSocket from "@effect/platform-node/NodeClusterSocket"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as Schema from "effect/Schema"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import * as Runners from "effect/cluster/Runners"
import * as RpcClient from "effect/rpc/RpcClient"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as SqlClient from "effect/sql/SqlClient"
import * as NodeNet from "node:net"
import * as Cluster from "../../../src/platform/Cluster.ts"
import { replicaKey } from "../../../src/platform/Sql/replicaKey.ts"
import * as transport from "../../../src/platform/Cluster/transport.ts"
import { Database } from "../../../src/platform/Sql/Database.ts"
import { config } from "../../support/config.ts"
import { eventually } from "../../support/eventually.ts"
import { TestDb } from "../../support/TestDb.ts"

const external = Layer.provideMerge(
  Layer.succeed(Database, { kind: "external", location: "elsewhere" }),
  TestDb
)

const replica = (env: Record<string, string> = {}) =>
  Layer.build(Layer.fresh(Cluster.layer)).pipe(
    Effect.provide(config(env)),
    Effect.provideService(References.MinimumLogLevel, "None")
  )

const decodeAddresses = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ address: Schema.String })))

const addresses = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* decodeAddresses(yield* sql`select address from cluster_runners order by address`)
  return rows.map(({ address }) => address)
})

/** The port of the one replica, once it holds its shards. */
const started = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* eventually(
    "the replica holds its shards",
    sql`select 1 from pg_locks join pg_database on pg_database.oid = database
      where locktype = 'advisory' and datname = current_database()`,
    ({ length }) => length >= 60
  )
  return Number((yield* addresses)[0]?.split(":").at(-1))
})

const ping = (port: number, protocol: typeof NodeClusterSocket.layerClientProtocol) =>
  Effect.gen(function* () {
    const { make } = yield* Runners.RpcClientProtocol
    const socket = yield* make(RunnerAddress.make("127.0.0.1", port))
    const client = yield* Effect.provideService(Runners.makeRpcClient, RpcClient.Protocol, socket)
    return yield* Effect.as(client.Ping(), "answered")
  }).pipe(
    Effect.timeout("700 millis"),
    Effect.orElseSucceed(() => "not answered"),
    Effect.scoped,
    Effect.provide(protocol.pipe(Layer.provide(RpcSerialization.layerSchemaBinary())))
  )

const listeners = Effect.sync(
  () => process.getActiveResourcesInfo().filter((each) => each === "TCPServerWrap").length
)

describe("replicas of one database", () => {
  it.live("answer only who holds the key of their database", () =>
    Effect.gen(function* () {
      yield* replica()
      const port = yield* started
      assert.strictEqual(yield* ping(port, NodeClusterSocket.layerClientProtocol), "not answered")
      assert.strictEqual(yield* ping(port, transport.client(yield* replicaKey)), "answered")
      assert.strictEqual(yield* ping(port, transport.client(Redacted.make("guessed"))), "not answered")
      assert.strictEqual(yield* ping(port, transport.client(yield* replicaKey)), "answered")
    }).pipe(Effect.scoped, Effect.provide(external))
  )

  it.live("that start in the same moment on one host each take a port of their own", () =>
    Effect.gen(function* () {
      const key = yield* replicaKey
      const count = 12
      const servers = yield* Effect.all(
        Array.from({ length: count }, () => transport.listen({ host: "127.0.0.1", port: null, key })),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(new Set(servers.map(({ address }) => String(address))).size, count)
    }).pipe(Effect.scoped, Effect.provide(external))
  )

  it.live("are refused with one sentence when CLUSTER_PORT stays taken", () =>
    Effect.gen(function* () {
      const port = yield* taken
      const error = yield* Effect.flip(replica({ CLUSTER_PORT: String(port) }))
      assert.include(error.message, `127.0.0.1, port ${port}, cannot be listened on`)
      assert.include(error.message, "another process uses it. Nothing was started. Set CLUSTER_ADDRESS")
    }).pipe(Effect.scoped, Effect.provide(external))
  )

  it.live("are refused with one sentence when CLUSTER_ADDRESS is not of this machine", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(replica({ CLUSTER_ADDRESS: "10.255.255.1" }))
      assert.include(error.message, "10.255.255.1, port 34431 or above, cannot be listened on")
      assert.include(error.message, "EADDRNOTAVAIL")
    }).pipe(Effect.scoped, Effect.provide(external))
  )
})

describe("the one process of an embedded database", () => {
  it.live("listens for no replica", () =>
    Effect.gen(function* () {
      const before = yield* listeners
      yield* replica()
      assert.strictEqual(yield* listeners, before)
      assert.deepStrictEqual(yield* addresses, [])
    }).pipe(Effect.scoped, Effect.provide(TestDb))
  )
})

/** A port that is listened on until the test ends. */
const taken = Effect.acquireRelease(
  Effect.callback<NodeNet.Server>((resume) => {
    const server = NodeNet.createServer()
    server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
  }),
  (server) => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
).pipe(
  Effect.map((server) => {
    const address = server.address()
    return typeof address === "object" && address !== null ? address.port : 0
  })
)
