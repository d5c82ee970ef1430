import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Control, Request, Response } from "../Upstream.ts"
import { type Checked, noObject } from "../Upstream/Contract.ts"
import { contract } from "./Contract.ts"
import { errorResponse, invalid, Refused, unmodelled } from "./errors.ts"
import type { Platform } from "./handlers/Handler.ts"
import { handlers } from "./handlers/index.ts"

const isValid = Effect.fnUntraced(function* (operation: string, { problems }: Checked, control: Control) {
  if (problems.length === 0) return
  control.violate(`${operation} request: ${problems.join("; ")}`)
  return yield* invalid(problems.includes(noObject) ? "unable to parse JSON" : problems.join("; "))
})

const tooFast = new Refused({ status: 429, message: "rate limit exceeded" })

/** Checks every request by its token, its rate and the contract, and every answer by the contract. */
export const makeHandler = (platform: Platform) =>
  Effect.fnUntraced(function* (request: Request, control: Control): Effect.fn.Return<Response> {
    const now = yield* Clock.currentTimeMillis
    const matched = contract.match(request)
    if (matched === undefined) {
      const what = `${request.method} ${request.url.pathname}`
      control.violate(`${what} is not modelled`)
      return errorResponse(unmodelled(what))
    }
    const { operation, path } = matched
    const checked = contract.checkRequest(matched, request)
    const { app_name: app, machine_id: machine } = path
    const response = yield* Effect.gen(function* () {
      yield* platform.auth.verify(request, app)
      if (!platform.limits.take(operation, machine ?? app ?? "", now)) return yield* tooFast
      yield* isValid(operation, checked, control)
      return yield* handlers[operation]({ ...platform, ...checked, now })
    }).pipe(Effect.catchTag("Refused", (refused) => Effect.succeed(errorResponse(refused))))
    if (response.status === 501) control.violate(`${operation}: ${JSON.stringify(response.body)}`)
    const problems = contract.checkResponse(operation, response)
    if (problems.length > 0) {
      control.violate(`${operation} response ${response.status}: ${problems.join("; ")}`)
    }
    return response
  })
