import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { ServeError } from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { createServer } from "node:http"
import { AppConfig } from "../platform/Config.ts"

class CannotListen extends Schema.TaggedError<CannotListen>()("CannotListen", {
  message: Schema.String
}) {}

/** In milliseconds. Slow and idle clients are disconnected; a proxy in front may keep its connections for a minute. */
export const ClientLimits = Context.Reference("ai-implement/http/ClientLimits", {
  defaultValue: () => ({
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    connectionsCheckingInterval: 5_000,
    keepAliveTimeout: 65_000,
    /** An idle connection; longer than any response takes. */
    idleTimeout: 120_000
  })
})

const maxHeaderSize = 16 * 1024

const shutdownTimeout = "5 seconds"

const reasonOf = ({ cause }: ServeError) =>
  cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE"
    ? "another process has it. Stop that one or set PORT"
    : `${cause instanceof Error ? cause.message : "unknown"}. Check HOST and PORT`

/** Listens on HOST and PORT. At shutdown, running requests get a few seconds, then every connection is closed. */
export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const { HOST, PORT } = yield* AppConfig
    const { idleTimeout, ...limits } = yield* ClientLimits
    const server = createServer({ ...limits, maxHeaderSize }).setTimeout(idleTimeout)
    const closeAll = Layer.effectDiscard(
      Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
    )
    return closeAll.pipe(
      Layer.provideMerge(
        NodeHttpServer.layer(() => server, {
          host: HOST,
          port: PORT,
          gracefulShutdownTimeout: shutdownTimeout
        })
      ),
      Layer.catchTag("ServeError", (error) =>
        Layer.effectContext(
          Effect.fail(
            new CannotListen({ message: `Cannot listen on ${HOST} port ${PORT}: ${reasonOf(error)}.` })
          )
        )
      )
    )
  })
)
