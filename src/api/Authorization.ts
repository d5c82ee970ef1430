import * as Context from "effect/Context"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import { Invalid, Unauthorized } from "./Errors.ts"

/** The signed-in operator: the name for the audit, the session it came with and the client's address. */
export class CurrentAdmin extends Context.Service<
  CurrentAdmin,
  { readonly name: string | null; readonly session: string; readonly address: string }
>()("ai-implement/api/CurrentAdmin") {}

export class Authorization extends HttpApiMiddleware.Service<
  Authorization,
  { provides: CurrentAdmin; requires: never }
>()("ai-implement/api/Authorization", {
  requiredForClient: true,
  security: { bearer: HttpApiSecurity.bearer },
  error: Unauthorized
}) {}

/** Turns every schema error of a request into one `Invalid` that lists all problems. */
export class SchemaErrors extends HttpApiMiddleware.Service<SchemaErrors>()("ai-implement/api/SchemaErrors", {
  error: Invalid
}) {}
