import * as Effect from "effect/Effect"
import type { Request } from "../Upstream.ts"
import { Refused } from "./errors.ts"

export interface TokenOptions {
  readonly token: string
  readonly apps?: ReadonlyArray<string>
}

const headerOf = (token: string) => (token.startsWith("FlyV1 ") ? token : `Bearer ${token}`)

export const makeAuth = (options: ReadonlyArray<TokenOptions>) => {
  const tokens = new Map(options.map((token) => [headerOf(token.token), token]))
  return {
    verify: Effect.fnUntraced(function* (request: Request, app: string | undefined) {
      const token = tokens.get(request.headers["authorization"] ?? "")
      if (token === undefined) return yield* new Refused({ status: 401, message: "unauthorized" })
      if (app !== undefined && token.apps?.includes(app) === false) {
        return yield* new Refused({ status: 403, message: "permission_denied: not allowed for this token" })
      }
    }),
    revoke: () => tokens.clear()
  }
}

export type Auth = ReturnType<typeof makeAuth>
