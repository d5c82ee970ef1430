import * as Context from "effect/Context"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import type { CurrentAdmin } from "../../api/Authorization.ts"

/** Who sends the request. `admin` is set by `authenticate` only. */
export const Caller = Context.Reference<{
  readonly address: string
  readonly admin: CurrentAdmin["Service"] | null
  readonly token: string | null
}>("ai-implement/http/Caller", { defaultValue: () => ({ address: "unknown", admin: null, token: null }) })

export const bearerToken = (request: HttpServerRequest.HttpServerRequest) =>
  /^bearer +(\S+)$/i.exec(request.headers["authorization"] ?? "")?.[1] ?? null
