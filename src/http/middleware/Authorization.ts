import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { Authentication } from "../../admin/Authentication.ts"
import { Authorization, CurrentAdmin } from "../../api/Authorization.ts"
import { Unauthorized } from "../../api/Errors.ts"
import { invalidTokenResponse } from "../ErrorResponses.ts"
import { bearerToken, Caller } from "./Caller.ts"
import type { RequestPath } from "./requestPath.ts"

interface Incoming {
  readonly request: HttpServerRequest.HttpServerRequest
  readonly route: RequestPath
  readonly address: string
}

/**
 * Verifies the token of every request below `/api` but the sign-in, before it is routed and before its body is read:
 * an unknown path, a wrong method and a wrong body answer 401 without a valid token.
 */
export const makeAuthenticate = Effect.map(Authentication, (authentication) =>
  Effect.fnUntraced(function* <E, R>(
    app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>,
    { address, request, route }: Incoming
  ) {
    const token = bearerToken(request)
    const needed = route.area === "api" && !(request.method === "POST" && route.path === "/api/auth")
    if (!needed) return yield* Effect.provideService(app, Caller, { address, admin: null, token })
    const verified = token === null ? null : yield* authentication.verify(token)
    if (verified === null) return invalidTokenResponse
    return yield* Effect.provideService(app, Caller, { address, admin: { ...verified, address }, token })
  })
)

/** Hands the admin that `authenticate` has verified to the handlers. */
export const layer = Layer.succeed(
  Authorization,
  Authorization.of({
    bearer: Effect.fnUntraced(function* (handler) {
      const { admin } = yield* Caller
      if (admin === null) {
        return yield* new Unauthorized({ error: "A valid token is needed. Get one with POST /api/auth." })
      }
      return yield* Effect.provideService(handler, CurrentAdmin, admin)
    })
  })
)

/** A handler that receives the signed-in operator as `by`. */
export const asAdmin =
  <Request, A, E, R>(handler: (request: Request, by: CurrentAdmin["Service"]) => Effect.Effect<A, E, R>) =>
  (request: Request) =>
    Effect.flatMap(CurrentAdmin, (by) => handler(request, by))
