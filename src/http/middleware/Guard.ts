import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { Authentication } from "../../admin/Authentication.ts"
import { AppConfig } from "../../platform/Config.ts"
import { observeRequest } from "../../platform/Metrics.ts"
import { addressOf, bearerOf, Caller, overTls } from "./Caller.ts"
import { headersFor } from "./securityHeaders.ts"
import { bodyLimit, disabled, malformed, notJson, refuse, tooLarge, unauthorized } from "./refusal.ts"
import { routeOf } from "./route.ts"

const validHost = (host: string | undefined) => host === undefined || URL.canParse(`http://${host}/`)

/** Stands before the router: size, address, token and the form of every error and header. */
export const layer = HttpRouter.middleware(
  Effect.gen(function* () {
    const authentication = yield* Authentication
    const { ADMIN_ACCESS_CODE, PUBLIC_URL, TRUST_PROXY } = yield* AppConfig

    return (app) =>
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        const { headers, method } = request
        const route = routeOf(request.url)
        const area = route?.area ?? ""
        const address = addressOf(request, TRUST_PROXY)

        const admit = Effect.gen(function* () {
          if (Number(headers["content-length"] ?? 0) > bodyLimit) return tooLarge
          if (route === null || !validHost(headers["host"])) return malformed
          if ((area === "api" || area === "admin") && ADMIN_ACCESS_CODE === null) return disabled
          const token = bearerOf(request)
          let admin = null
          if (area === "api" && !(method === "POST" && route.path === "/api/auth")) {
            const verified = token === null ? null : yield* authentication.verify(token)
            if (verified === null) return unauthorized
            admin = { ...verified, address }
          }
          const response = yield* app.pipe(
            Effect.provideService(Caller, { address, admin, token }),
            Effect.provideService(HttpServerRequest.HttpServerRequest, request.modify({ url: route.url }))
          )
          return response.status === 415 ? notJson : response
        })

        const [took, response] = yield* admit.pipe(
          Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(bodyLimit)),
          Effect.catchCause((cause) =>
            refuse(method, route ?? { area, path: request.url, url: request.url }, cause)
          ),
          Effect.timed
        )
        yield* observeRequest({ area, method, status: response.status }, took)
        const secure = overTls(request, { publicUrl: PUBLIC_URL, proxies: TRUST_PROXY })
        return HttpServerResponse.setHeaders(response, headersFor(route?.path ?? "", response.status, secure))
      })
  }),
  { global: true }
)
