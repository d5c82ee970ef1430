import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as HttpServerError from "effect/http/HttpServerError"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as SqlError from "effect/sql/SqlError"
import { methodsOf, type Route } from "./route.ts"

/** An error as every route answers it. */
export const refusal = (
  status: number,
  name: string,
  error: string,
  headers: Readonly<Record<string, string>> = {}
) => HttpServerResponse.jsonUnsafe({ _tag: name, error }, { status, headers })

export const bodyLimit = 1024 * 1024

export const tooLarge = refusal(413, "TooLarge", "The body is over 1 MiB. Nothing was changed. Send less.", {
  connection: "close"
})

export const notJson = refusal(
  415,
  "NotJson",
  "The body is not JSON. Nothing was changed. Send it with content-type: application/json."
)

export const malformed = refusal(
  400,
  "Invalid",
  "The address of the request is malformed. Nothing was changed. Check its path and the Host header."
)

export const unauthorized = refusal(
  401,
  "Unauthorized",
  "A valid token is needed. Get one with POST /api/auth and send it as Authorization: Bearer <token>.",
  { "www-authenticate": "Bearer" }
)

export const disabled = refusal(
  404,
  "Disabled",
  "The admin and the API are off because ADMIN_ACCESS_CODE is not set. Set it to a secret of at least 16 characters and restart."
)

const notFound = (method: string, { path }: Route) => {
  const methods = methodsOf(path)
  return methods.length === 0 || methods.includes(method)
    ? refusal(404, "NotFound", "There is nothing at this address. GET /api/openapi.json lists every route.")
    : refusal(405, "MethodNotAllowed", `${method} is not possible here, only ${methods.join(", ")}.`, {
        allow: methods.join(", ")
      })
}

const databaseDown = refusal(
  503,
  "DatabaseUnavailable",
  "The database does not answer, so nothing was changed. Try again; if it stays so, check DATABASE_URL and the database.",
  { "retry-after": "5" }
)

/** The database is away, full or going down: not that it refuses what we sent. */
const isOutage = ({ reason }: SqlError.SqlError) => {
  if (reason._tag === "ConnectionError" || reason.operation === "connect") return true
  const { cause } = reason
  const state = cause instanceof Error && "code" in cause ? String(cause.code) : ""
  return reason._tag === "UnknownError" && (state === "" || /^(08|53|57)/.test(state))
}

const defect = Effect.fnUntraced(function* (cause: Cause.Cause<unknown>) {
  const { traceId } = yield* Effect.makeSpan("defect")
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

/** Answers what no route has answered; interruption goes on. */
export const refuse = <E>(method: string, route: Route, cause: Cause.Cause<E>) => {
  if (Cause.hasInterruptsOnly(cause)) return Effect.failCause(cause)
  const error = Cause.squash(cause)
  if (HttpServerError.isHttpServerError(error)) {
    const { reason } = error
    if (reason._tag === "RouteNotFound") return Effect.succeed(notFound(method, route))
    if (reason._tag === "RequestParseError") {
      return Effect.succeed(reason.reason === "BodyTooLarge" ? tooLarge : malformed)
    }
  }
  if (SqlError.isSqlError(error) && isOutage(error)) {
    return Effect.as(Effect.logError("The database does not answer", error.reason._tag), databaseDown)
  }
  return defect(cause)
}
