import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Control, Request, Response } from "../Upstream.ts"
import { grants, type Token } from "./Auth.ts"
import { type Checked, contract } from "./Contract.ts"
import { errorResponse, notFound, Refused } from "./errors.ts"
import type { UpstreamCall, Handler, Platform } from "./handlers/Handler.ts"
import { handlers } from "./handlers/index.ts"
import { findRepository, shaOf } from "./State.ts"

const versions = ["2022-11-28", "2026-03-10"]

const forbidden = (permissions: ReadonlyArray<string>, level: string) =>
  new Refused({
    status: 403,
    message: "Resource not accessible by integration",
    headers: { "x-accepted-github-permissions": permissions.map((name) => `${name}=${level}`).join("; ") }
  })

const exhausted = (who: string) =>
  new Refused({ status: 403, message: `API rate limit exceeded for ${who.replace(":", " ID ")}.` })

const isValid = Effect.fnUntraced(function* (operation: string, checked: Checked, control: Control) {
  if (checked.problems.length === 0) return
  control.violate(`${operation} request: ${checked.problems.join("; ")}`)
  const broken = checked.problems.includes("body is no JSON object")
  return yield* new Refused({
    status: broken ? 400 : 422,
    message: broken ? "Problems parsing JSON" : `Invalid request.\n\n${checked.problems.join("\n")}`,
    ...(broken ? {} : { errors: checked.problems.map((message) => ({ code: "invalid", message })) })
  })
})

const repositoryFor = Effect.fnUntraced(function* (
  handler: Handler & { readonly by: "repository" },
  token: Token,
  { state }: Platform,
  { parameters }: Checked
) {
  const repository = findRepository(state, String(parameters["owner"]), String(parameters["repo"]))
  if (repository === undefined || !token.repositories.some(({ id }) => id === repository.id))
    return yield* notFound
  const [permission, level] = handler.needs
  const enough = typeof permission === "string" ? [permission] : permission
  if (!enough.some((name) => grants(token.permissions, name, level))) return yield* forbidden(enough, level)
  return repository
})

const conditional = (request: Request, response: Response): Response => {
  if (request.method !== "GET" || response.status !== 200) return response
  const etag = `W/"${shaOf(JSON.stringify(response.body) + (request.headers["authorization"] ?? ""))}"`
  const headers = { ...response.headers, etag, vary: "Accept, Authorization, Cookie" }
  const known = request.headers["if-none-match"]?.split(/,\s*/).map((tag) => tag.replace(/^W\//, ""))
  return known?.includes(etag.slice(2)) === true ? { status: 304, headers } : { ...response, headers }
}

/** Checks every request by the contract, then by its credential and budget, and every answer by the contract. */
export const makeHandler = (platform: Platform) => {
  const { auth, limits } = platform

  const answer = Effect.fnUntraced(function* (
    handler: Handler,
    request: Request,
    checked: Checked,
    call: UpstreamCall
  ) {
    if (handler.by === "anyone") return { who: undefined, response: yield* respond(handler.handle(call)) }
    if (handler.by === "app") {
      const app = yield* auth.verifyApp(request)
      const who = `app:${app.appId}`
      if (!limits.take(who, call.now)) return { who, response: errorResponse(exhausted(who)) }
      return { who, response: yield* respond(handler.handle({ ...call, app })) }
    }
    const token = yield* auth.verifyToken(request)
    const who = `installation:${token.installation.id}`
    if (handler.by === "token" && handler.free === true)
      return { who, response: yield* respond(handler.handle({ ...call, token })) }
    if (!limits.take(who, call.now)) return { who, response: errorResponse(exhausted(who)) }
    if (handler.by === "token") return { who, response: yield* respond(handler.handle({ ...call, token })) }
    return {
      who,
      response: yield* respond(
        Effect.flatMap(repositoryFor(handler, token, platform, checked), (repository) =>
          handler.handle({ ...call, token, repository })
        )
      )
    }
  })

  return Effect.fnUntraced(function* (request: Request, control: Control): Effect.fn.Return<Response> {
    const now = yield* Clock.currentTimeMillis
    const matched = contract.match(request)
    if (matched === undefined) {
      control.violate(`${request.method} ${request.url.pathname} is not modelled`)
      return errorResponse(
        new Refused({ status: 501, message: "The local GitHub does not model this operation." })
      )
    }
    const { operation } = matched
    const handler = handlers[operation]
    const checked = contract.checkRequest(matched, request)
    const apiVersion = request.headers["x-github-api-version"] ?? "2022-11-28"
    const call: UpstreamCall = {
      ...platform,
      base: request.url.origin,
      url: request.url,
      apiVersion,
      now,
      parameters: checked.parameters,
      body: checked.body
    }
    const { who, response } = yield* admitted(request, apiVersion).pipe(
      Effect.andThen(isValid(operation, checked, control)),
      Effect.andThen(answer(handler, request, checked, call)),
      Effect.catchTag("Refused", (refused) =>
        Effect.succeed({ who: undefined, response: errorResponse(refused) })
      )
    )
    const problems = contract.checkResponse(operation, response)
    if (problems.length > 0)
      control.violate(`${operation} response ${response.status}: ${problems.join("; ")}`)
    const final = conditional(request, response)
    if (final.status === 304 && who !== undefined) limits.giveBack(who, now)
    return { ...final, headers: { ...final.headers, ...(who === undefined ? {} : limits.headers(who, now)) } }
  })
}

const respond = (effect: Effect.Effect<Response, Refused>) =>
  Effect.catchTag(effect, "Refused", (refused) => Effect.succeed(errorResponse(refused)))

const admitted = Effect.fnUntraced(function* (request: Request, apiVersion: string) {
  if (!request.headers["user-agent"]) {
    return yield* new Refused({
      status: 403,
      message:
        "Request forbidden by administrative rules. Please make sure your request has a User-Agent header."
    })
  }
  if (!versions.includes(apiVersion)) {
    return yield* new Refused({ status: 400, message: `"${apiVersion}" is not a supported API version.` })
  }
})
