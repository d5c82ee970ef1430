import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as HttpServerError from "effect/http/HttpServerError"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as SqlError from "effect/sql/SqlError"
import { isOutage } from "../platform/Sql/isOutage.ts"
import { randomBytes } from "node:crypto"
import {
  Conflict,
  Invalid,
  NotAdmitted,
  NotFound,
  Unauthorized,
  UpstreamRefused,
  UpstreamUnavailable
} from "../api/Errors.ts"
import type { NotAdmitted as DispatchNotAdmitted } from "../dispatching/dispatches/Dispatches.ts"
import { describeReason } from "../domain/describeReason.ts"
import type { FieldIssue } from "../domain/Mapping.ts"
import type { UpstreamError } from "../upstreams/UpstreamError.ts"
import { setHeaders } from "./response.ts"

interface WithMessage {
  readonly message: string
}

export const notFound = ({ message }: WithMessage) => Effect.fail(new NotFound({ error: message }))

export const conflict = ({ message }: WithMessage) => Effect.fail(new Conflict({ error: message }))

export const unauthorized = ({ message }: WithMessage) => Effect.fail(new Unauthorized({ error: message }))

export const notAdmitted = ({ cleared, reason }: DispatchNotAdmitted) =>
  Effect.fail(
    new NotAdmitted({
      error: `Nothing was dispatched, because ${describeReason(reason)}.${
        cleared.length === 0 ? "" : ` Cleared: ${cleared.join(", ")}.`
      }`,
      reason,
      cleared
    })
  )

/** Fails with an error whose `retryAfter`, in seconds, is sent as a header too. */
export const failWithRetryAfter = <E extends { readonly retryAfter?: number }>(error: E) =>
  error.retryAfter === undefined
    ? Effect.fail(error)
    : Effect.andThen(setHeaders({ "retry-after": String(error.retryAfter) }), Effect.fail(error))

export const unavailable = ({ message }: WithMessage) =>
  Effect.fail(new UpstreamUnavailable({ error: message }))

export const upstreamRefused = ({ message }: WithMessage) =>
  Effect.fail(new UpstreamRefused({ error: message }))

/** 422 when the upstream rejects the request, 503 when it is down, busy or not configured. */
export const upstreamFailure = ({
  message,
  reason
}: UpstreamError): Effect.Effect<
  never,
  UpstreamRefused | UpstreamUnavailable,
  HttpServerRequest.HttpServerRequest
> => {
  switch (reason._tag) {
    case "Rejected":
      return Effect.fail(new UpstreamRefused({ error: message }))
    case "RateLimited":
      return failWithRetryAfter(
        new UpstreamUnavailable({ error: message, retryAfter: Math.ceil(reason.retryAfter) })
      )
    default:
      return unavailable({ message })
  }
}

const maxErrorLength = 1000

const issueText = ({ path, message }: FieldIssue) => (path === "" ? message : `${path}: ${message}`)

/** One error that lists every problem of a part of the request. */
export const invalid = (part: string, issues: ReadonlyArray<FieldIssue>) =>
  Effect.fail(
    new Invalid({
      error:
        `Nothing was changed, because the ${part} of the request is not valid. ${issues.map(issueText).join("; ")}`.slice(
          0,
          maxErrorLength
        ),
      issues
    })
  )

/** An error as a response, for requests that reach no handler of the contracts. */
export const errorResponse = (
  status: number,
  tag: string,
  error: string,
  headers: Readonly<Record<string, string>> = {}
) => HttpServerResponse.jsonUnsafe({ _tag: tag, error }, { status, headers })

export const tooLargeResponse = errorResponse(
  413,
  "TooLarge",
  "The body is over 1 MiB. Nothing was changed. Send less.",
  { connection: "close" }
)

export const notJsonResponse = errorResponse(
  415,
  "NotJson",
  "The body is not JSON. Nothing was changed. Send it with content-type: application/json."
)

export const malformedAddressResponse = errorResponse(
  400,
  "Invalid",
  "The address of the request is malformed. Nothing was changed. Check its path and the Host header."
)

export const invalidTokenResponse = errorResponse(
  401,
  "Unauthorized",
  "A valid token is needed. Get one with POST /api/auth and send it as Authorization: Bearer <token>.",
  { "www-authenticate": "Bearer" }
)

export const invalidRunTokenResponse = (message: string) =>
  errorResponse(401, "Unauthorized", message, { "www-authenticate": "Bearer" })

export const missingRunTokenResponse = invalidRunTokenResponse(
  "The token is missing: send the job's OIDC token or the machine's token as Authorization: Bearer <token>."
)

export const adminDisabledResponse = errorResponse(
  404,
  "Disabled",
  "The admin and the API are off because ADMIN_ACCESS_CODE is not set. Set it to a secret of at least 16 characters and restart."
)

const noRouteResponse = (method: string, methods: ReadonlyArray<string>) =>
  methods.length === 0 || methods.includes(method)
    ? errorResponse(
        404,
        "NotFound",
        "There is nothing at this address. GET /api/openapi.json lists every route."
      )
    : errorResponse(405, "MethodNotAllowed", `${method} is not possible here, only ${methods.join(", ")}.`, {
        allow: methods.join(", ")
      })

const databaseDownResponse = errorResponse(
  503,
  "DatabaseUnavailable",
  "The database does not answer, so nothing was changed. Try again; if it stays so, check DATABASE_URL and the database.",
  { "retry-after": "5" }
)

const defectResponse = Effect.fnUntraced(function* (cause: Cause.Cause<unknown>) {
  const span = yield* Effect.makeSpan("defect")
  // Without a tracer every span has the same id.
  const traceId = span.sampled ? span.traceId : yield* Effect.sync(() => randomBytes(16).toString("hex"))
  yield* Effect.logError("A request failed", cause).pipe(Effect.annotateLogs({ traceId }))
  return HttpServerResponse.jsonUnsafe(
    {
      _tag: "Defect",
      error: `Something went wrong here. The log has the details under ${traceId}.`,
      traceId
    },
    { status: 500 }
  )
})

/** The response to a cause that no route has handled; `methods` are those of the request's path. */
export const causeResponse = <E>(
  cause: Cause.Cause<E>,
  method: string,
  methods: () => ReadonlyArray<string>
) => {
  if (Cause.hasInterruptsOnly(cause)) return Effect.failCause(cause)
  const error = Cause.squash(cause)
  if (HttpServerError.isHttpServerError(error)) {
    const { reason } = error
    if (reason._tag === "RouteNotFound") return Effect.succeed(noRouteResponse(method, methods()))
    if (reason._tag === "RequestParseError") {
      return Effect.succeed(reason.reason === "BodyTooLarge" ? tooLargeResponse : malformedAddressResponse)
    }
  }
  if (SqlError.isSqlError(error) && isOutage(error)) {
    return Effect.as(Effect.logError("The database does not answer", error.reason._tag), databaseDownResponse)
  }
  return defectResponse(cause)
}
