import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import { sameText } from "../platform/tokens.ts"
import { isPublicAddress } from "../platform/Cluster/address.ts"
import { AppConfig } from "../platform/Config.ts"
import { reveal } from "../platform/Config/environment.ts"
import { measure } from "../operations/Gauges.ts"
import { GaugesRepo } from "../operations/Gauges/GaugesRepo.ts"
import { Passes } from "../dispatching/poller/Passes.ts"
import { Caller } from "./middleware/Caller.ts"
import { errorResponse } from "./ErrorResponses.ts"

const privateOnlyResponse = errorResponse(
  401,
  "Unauthorized",
  "Metrics are for private addresses only while METRICS_TOKEN is unset. Set it and send it as Authorization: Bearer <token>.",
  { "www-authenticate": "Bearer" }
)

const contentType = "text/plain; version=0.0.4; charset=utf-8"

/** `GET /metrics` for Prometheus. Without METRICS_TOKEN, a request through a proxy counts as public. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const router = yield* HttpRouter.HttpRouter
    const config = yield* AppConfig
    const services = yield* Effect.context<GaugesRepo | Passes>()
    const expected = reveal(config.METRICS_TOKEN)

    const mayRead = Effect.gen(function* () {
      const { address, token } = yield* Caller
      if (expected !== null) return token !== null && sameText(token, expected)
      const { headers } = yield* HttpServerRequest.HttpServerRequest
      const proxied = "x-forwarded-for" in headers || "forwarded" in headers
      return !isPublicAddress(address) && (config.TRUST_PROXY > 0 || !proxied)
    })

    yield* router.add(
      "GET",
      "/metrics",
      Effect.gen(function* () {
        if (!(yield* mayRead)) return privateOnlyResponse
        yield* Effect.provideContext(measure, services)
        return HttpServerResponse.text(yield* PrometheusMetrics.format(), { contentType })
      })
    )
  })
)
