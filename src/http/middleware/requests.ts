import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { AppConfig } from "../../platform/Config.ts"
import { githubWeb } from "../../domain/GitHubWeb.ts"
import { Runner } from "../../dispatching/callbacks/Runner.ts"
import { ForwardedRequests } from "../../platform/ForwardedRequests.ts"
import { observeRequest } from "../../platform/Metrics.ts"
import {
  adminDisabledResponse,
  causeResponse,
  malformedAddressResponse,
  missingRunTokenResponse,
  notJsonResponse,
  tooLargeResponse,
  invalidRunTokenResponse
} from "../ErrorResponses.ts"
import { makeAuthenticate } from "./Authorization.ts"
import { bearerToken } from "./Caller.ts"
import { clientAddress, usesTls } from "./clientAddress.ts"
import { announcesTooLarge, hasValidHost, limitBody } from "./limits.ts"
import { requestPath } from "./requestPath.ts"
import { RouteMethods } from "./RouteMethods.ts"
import { securityHeaders } from "./securityHeaders.ts"

/** What every request passes before it is routed, in this order: size, address, token. Every response gets the headers. */
export const layer = HttpRouter.middleware(
  Effect.gen(function* () {
    const authenticate = yield* makeAuthenticate
    const routeMethods = yield* RouteMethods
    const runner = yield* Runner
    const forwarded = yield* ForwardedRequests
    const { ADMIN_ACCESS_CODE, GITHUB_API_URL, PUBLIC_URL, TRUST_PROXY } = yield* AppConfig
    const github = githubWeb(GITHUB_API_URL)

    return (app) =>
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        const { method } = request
        const route = requestPath(request.url)
        const area = route?.area ?? ""

        const handled = Effect.gen(function* () {
          if (announcesTooLarge(request)) return tooLargeResponse
          if (route === null || !hasValidHost(request)) return malformedAddressResponse
          if ((area === "api" || area === "admin") && ADMIN_ACCESS_CODE === null) return adminDisabledResponse
          if (area === "runner" && routeMethods.of(route.path).includes(method)) {
            const token = bearerToken(request)
            if (token === null) return missingRunTokenResponse
            const refused = yield* runner.refusal(token)
            if (refused !== null) {
              yield* Effect.logWarning(`Refused ${method} ${route.path}: ${refused.message}`)
              return invalidRunTokenResponse(refused.message)
            }
          }
          yield* forwarded.note(request.headers)
          const address = clientAddress(request, TRUST_PROXY)
          const response = yield* app.pipe(
            Effect.provideService(HttpServerRequest.HttpServerRequest, request.modify({ url: route.url })),
            (routed) => authenticate(routed, { address, request, route })
          )
          return response.status === 415 ? notJsonResponse : response
        })

        const [took, response] = yield* handled.pipe(
          limitBody,
          Effect.catchCause((cause) =>
            causeResponse(cause, method, () => routeMethods.of(route?.path ?? request.url))
          ),
          Effect.timed
        )
        yield* observeRequest({ area, method, status: response.status }, took)
        const tls = usesTls(request, { publicUrl: PUBLIC_URL, proxies: TRUST_PROXY })
        return HttpServerResponse.setHeaders(
          response,
          securityHeaders(route?.path ?? "", response.status, { github, tls })
        )
      })
  }),
  { global: true }
)
