import * as Schema from "effect/Schema"
import * as Result from "effect/Result"
import type { GraphQLError, GraphQLFormattedError } from "graphql"
import type { Request, Response } from "../Upstream.ts"
import { budgetHeaders, type Budget } from "./Budget.ts"
import { complexityOf, maxComplexity } from "./complexity.ts"
import { Unmodelled, UserError } from "./errors.ts"
import { prepare, run, type Operation, type Root } from "./execute.ts"

const Body = Schema.fromJsonString(
  Schema.Struct({
    query: Schema.String,
    variables: Schema.optionalKey(Schema.NullOr(Schema.Record(Schema.String, Schema.Unknown))),
    operationName: Schema.optionalKey(Schema.NullOr(Schema.String))
  })
)
const decodeBody = Schema.decodeUnknownResult(Body)

export const operationIn = (request: Request): Operation | undefined =>
  Result.getOrUndefined(decodeBody(request.body))

export interface Caller {
  readonly budget: Budget
  readonly now: number
  readonly roots: { readonly query: () => Root; readonly mutation: () => Root }
  readonly violate: (message: string) => void
}

const failed = (
  status: number,
  errors: ReadonlyArray<GraphQLFormattedError>,
  headers: Readonly<Record<string, string>> = {}
): Response => ({ status, headers, body: { errors } })

export const unauthenticated: Response = failed(401, [
  {
    message: "Authentication required, not authenticated",
    extensions: {
      type: "authentication error",
      code: "AUTHENTICATION_ERROR",
      statusCode: 401,
      userError: true,
      userPresentableMessage: "You need to authenticate to access this operation."
    }
  }
])

const rateLimited = ({ budget, now }: Caller, kind: "requests" | "complexity", asked: number): Response => {
  const { limit, remaining, reset } = budget.limits(now)[kind]
  const what = kind === "requests" ? "requests" : "complexity points"
  const error = {
    message: "Rate limit exceeded",
    extensions: {
      type: "ratelimited",
      code: "RATELIMITED",
      statusCode: 429,
      userError: true,
      userPresentableMessage: `Rate limit exceeded. Only ${limit} ${what} are allowed per 1 hour.`,
      meta: {
        rateLimitResult: {
          type: kind,
          allowed: false,
          requestedAmount: asked,
          allowedAmount: limit,
          remainingAmount: remaining,
          period: 3_600_000,
          reset
        }
      }
    }
  }
  const headers = { ...budgetHeaders(budget, now), "Retry-After": `${Math.ceil((reset - now) / 1000)}` }
  return failed(400, [error], headers)
}

const refusal = (code: string, errors: ReadonlyArray<GraphQLError>) =>
  errors.map((error) => ({
    ...error.toJSON(),
    extensions: { type: "graphql error", code, statusCode: 400, userError: true }
  }))

/** Answers one request of a known caller, in the order in which Linear checks it. */
export const handle = (caller: Caller, request: Request): Response => {
  const { budget, now, roots, violate } = caller
  if (!budget.spend("requests", 1, now)) return rateLimited(caller, "requests", 1)

  const operation = operationIn(request)
  if (operation === undefined) {
    violate("The body is not a GraphQL request.")
    return failed(400, [{ message: "Body is not valid.", extensions: { code: "BAD_REQUEST" } }])
  }
  const args = prepare(operation, { now })
  if ("errors" in args) {
    violate(`${args.code}: ${args.errors.map(({ message }) => message).join(" ")}`)
    return failed(400, refusal(args.code, args.errors), budgetHeaders(budget, now))
  }

  const complexity = complexityOf(args)
  if (complexity > maxComplexity) {
    violate(`The query costs ${complexity} points.`)
    const tooComplex = new UserError(
      "Query too complex",
      `The query costs ${complexity} points; ${maxComplexity} are allowed.`,
      "INPUT_ERROR"
    )
    const { message, extensions } = tooComplex
    return failed(400, [{ message, extensions }], budgetHeaders(budget, now))
  }
  if (!budget.spend("complexity", complexity, now)) return rateLimited(caller, "complexity", complexity)

  const result = run(args, roots)
  const headers = { "X-Complexity": `${complexity}`, ...budgetHeaders(budget, now) }
  for (const { message, originalError } of result.errors ?? []) {
    if (originalError instanceof UserError) continue
    violate(message)
    if (originalError instanceof Unmodelled) return failed(501, [{ message }], headers)
  }
  return { status: 200, headers, body: result }
}
