import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import { fork } from "node:child_process"
import * as App from "../../src/App.ts"
import * as Http from "../../src/http/layer.ts"
import { GitHubLimits } from "../../src/upstreams/github/limiter.ts"
import * as Observability from "../../src/platform/Observability.ts"
import * as Sql from "../../src/platform/Sql.ts"
import { config } from "../../test/support/config.ts"
import { folder } from "../../test/support/postgres.ts"
import type { Order, UpstreamMessage } from "./upstreams.ts"

export const webhookSecret = "of-the-bench"
export const accessCode = "of-the-bench-only"

const script = new URL("upstreams.ts", import.meta.url)

/** Upstreams that wait for orders, until the scope closes. */
export const upstreams = Effect.gen(function* () {
  const messages = yield* Queue.unbounded<UpstreamMessage>()
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => fork(script, { execArgv: [] })),
    (child) => Effect.sync(() => child.kill())
  )
  child.on("message", (message: UpstreamMessage) => Queue.offerUnsafe(messages, message))
  const { env = {} } = yield* Queue.take(messages)
  const order = (given: Order) =>
    Effect.andThen(
      Effect.sync(() => child.send(given)),
      Queue.take(messages)
    )
  return { env, order }
})

/** The service as it starts for the first time, beside upstreams in another process. */
export const start = Effect.gen(function* () {
  const { env, order } = yield* upstreams
  const dataDir = yield* folder
  const services = yield* Layer.build(
    Http.layer.pipe(
      Layer.provideMerge(App.service),
      Layer.provide(Layer.succeed(GitHubLimits, null)),
      Layer.provideMerge(Sql.layer({ databaseUrl: Option.none(), dataDir })),
      Layer.provide(Observability.layer),
      Layer.provideMerge(
        config({
          ...env,
          HOST: "127.0.0.1",
          PORT: "0",
          ADMIN_ACCESS_CODE: accessCode,
          LINEAR_WEBHOOK_SECRET: webhookSecret,
          LOG_LEVEL: "error",
          POLL_INTERVAL_MS: "86400000"
        })
      )
    )
  )
  return { services, order }
})
