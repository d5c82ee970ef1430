import * as NodeSocket from "@effect/platform-node/NodeSocket"
import * as NodeSocketServer from "@effect/platform-node/NodeSocketServer"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as SocketServer from "effect/socket/SocketServer"
import { Socket } from "effect/socket/Socket"
import * as Runners from "effect/cluster/Runners"
import * as RpcClient from "effect/rpc/RpcClient"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import type { SecureContextOptions } from "node:tls"

class ReplicaPortTaken extends Schema.TaggedError<ReplicaPortTaken>()("ReplicaPortTaken", {
  message: Schema.String
}) {}

const identity = "ai-implement"
const firstPort = 34_431
const lastPort = 65_535

// With a shared key both sides prove that they read the same database.
const ciphers: SecureContextOptions = {
  ciphers: "ECDHE-PSK-CHACHA20-POLY1305",
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.2"
}

const isTaken = ({ reason }: SocketServer.SocketServerError) =>
  reason.cause instanceof Error && "code" in reason.cause && reason.cause.code === "EADDRINUSE"

export interface Listening {
  readonly host: string
  readonly port: number | null
  readonly key: Redacted.Redacted
}

export const listen = Effect.fn("Cluster.listen")(function* ({ host, key, port }: Listening) {
  const psk = Buffer.from(Redacted.value(key))
  const on = (port: number) =>
    NodeSocketServer.makeTls({
      ...ciphers,
      host,
      port,
      handshakeTimeout: 5000,
      pskCallback: (_socket, name) => (name === identity ? psk : null)
    })
  const from = (port: number): ReturnType<typeof on> =>
    Effect.catchIf(
      on(port),
      (error) => isTaken(error) && port < lastPort,
      () => from(port + 1)
    )
  // A process that was just stopped may hold the port for a moment.
  const listening =
    port === null
      ? from(firstPort)
      : Effect.retry(on(port), { while: isTaken, times: 8, schedule: Schedule.spaced("250 millis") })
  return yield* Effect.mapError(
    listening,
    (error) =>
      new ReplicaPortTaken({
        message: `${host}, port ${port ?? `${firstPort} or above`}, cannot be listened on for the replicas: ${reasonOf(error)}. Nothing was started. Set CLUSTER_ADDRESS to an address of this machine and CLUSTER_PORT to a free port.`
      })
  )
})

const reasonOf = (error: SocketServer.SocketServerError) => {
  if (isTaken(error)) return "another process uses it"
  return error.reason.cause instanceof Error ? error.reason.cause.message : error.message
}

export const client = (key: Redacted.Redacted) =>
  Layer.effect(Runners.RpcClientProtocol)(
    Effect.gen(function* () {
      const serialization = yield* RpcSerialization.RpcSerialization
      const psk = Buffer.from(Redacted.value(key))
      return {
        codecFor: serialization.codecFor,
        make: Effect.fnUntraced(function* ({ host, port }) {
          const socket = yield* NodeSocket.makeTls({
            ...ciphers,
            host,
            port,
            openTimeout: 5000,
            timeout: 5500,
            pskCallback: () => ({ psk, identity }),
            checkServerIdentity: () => undefined
          })
          return yield* RpcClient.makeProtocolSocket().pipe(
            Effect.provideService(Socket, socket),
            Effect.provideService(RpcSerialization.RpcSerialization, serialization)
          )
        }, Effect.orDie)
      }
    })
  )
