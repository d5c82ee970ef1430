import { assert, layer } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { connect } from "node:net"
import { ClientLimits } from "../../src/http/Server.ts"
import { client, send, server } from "../support/httpServer.ts"

const limits = {
  headersTimeout: 300,
  requestTimeout: 500,
  connectionsCheckingInterval: 100,
  keepAliveTimeout: 65_000,
  idleTimeout: 700
}

/** Far below the limits that hold without `limits`, for a machine under load. */
const soon = 8000

interface Slow {
  readonly name: string
  readonly start: (authorization: string) => string
  /** What follows, bit by bit; without it there is silence. */
  readonly drip?: string
  readonly reads?: boolean
  /** The beginning of the response before the connection ends. */
  readonly response: string
}

const post = (head: string) =>
  `POST /api/auth HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n${head}\r\n\r\n`

const behaviours: ReadonlyArray<Slow> = [
  { name: "say nothing", start: () => "", response: "HTTP/1.1 408" },
  { name: "send half a request line", start: () => "GET /hea", response: "HTTP/1.1 408" },
  {
    name: "drip headers",
    start: () => "GET /health/live HTTP/1.1\r\nhost: a\r\nx-slow: ",
    drip: "a",
    response: "HTTP/1.1 408"
  },
  { name: "drip a body", start: () => post("content-length: 1000"), drip: "{", response: "HTTP/1.1 408" },
  {
    name: "drip a body in pieces",
    start: () => post("transfer-encoding: chunked"),
    drip: "1\r\n{\r\n",
    response: "HTTP/1.1 408"
  },
  {
    name: "send half a body and no more",
    start: () => `${post("content-length: 1000")}{"code":`,
    response: "HTTP/1.1 408"
  },
  {
    name: "send half a body of a webhook and no more",
    start: () => "POST /webhooks/github HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n{",
    response: "HTTP/1.1 408"
  },
  {
    name: "never read what they ask for",
    start: (authorization) =>
      `GET /api/log HTTP/1.1\r\nhost: a\r\nauthorization: ${authorization}\r\n\r\n`.repeat(60),
    reads: false,
    drip: "GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n",
    response: ""
  }
]

/** How long such a client keeps its connection, in ms, and the response. */
const held = Effect.fnUntraced(function* ({ drip = "", reads = true, start }: Slow, authorization: string) {
  const { address } = yield* HttpServer.HttpServer
  const chunks: Array<Buffer> = []
  const socket = yield* Effect.acquireRelease(
    Effect.sync(() => connect("port" in address ? address.port : 0, "127.0.0.1")),
    (socket) => Effect.sync(() => socket.destroy())
  )
  socket.on("error", () => {})
  if (reads) socket.on("data", (chunk) => chunks.push(chunk))
  socket.write(start(authorization))
  const closed = Effect.callback<void>((resume) => {
    socket.once("close", () => resume(Effect.void))
  })
  const dripping = Effect.repeat(
    Effect.sync(() => socket.writable && socket.write(drip)),
    Schedule.spaced("50 millis")
  )
  const [took] = yield* Effect.timed(Effect.raceFirst(closed, dripping))
  return { took: Duration.toMillis(took), response: Buffer.concat(chunks).toString("latin1") }
}, Effect.scoped)

/** Another client's request, again and again. */
const others = (answered: Array<number>) =>
  send("/health/live").pipe(
    Effect.tap(({ status }) => Effect.sync(() => answered.push(status))),
    Effect.andThen(Effect.sleep("20 millis")),
    Effect.forever
  )

layer(
  server({ GITHUB_WEBHOOK_SECRET: "of-github" }).pipe(Layer.provide(Layer.succeed(ClientLimits, limits))),
  { excludeTestServices: true }
)("clients that", (it) => {
  for (const slow of behaviours) {
    it.effect(`${slow.name} are let go, and others are answered meanwhile`, () =>
      Effect.gen(function* () {
        const { headers } = yield* client
        const answered: Array<number> = []
        const all = Effect.forEach(Array.from({ length: 20 }), () => held(slow, headers.authorization), {
          concurrency: "unbounded"
        })
        for (const { response, took } of yield* Effect.raceFirst(all, others(answered))) {
          assert.isBelow(took, soon)
          assert.strictEqual(response.slice(0, slow.response.length), slow.response)
        }
        assert.deepStrictEqual([...new Set(answered)], [200])
      })
    )
  }
})
