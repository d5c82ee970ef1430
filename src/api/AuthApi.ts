import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import { someText, trimmedText, Timestamp } from "../domain/Text.ts"
import { Authorization } from "./Authorization.ts"
import { InvalidAccessCode, TooManyAttempts } from "./Errors.ts"

const SignIn = Schema.Struct({ code: someText(1024), name: Schema.optionalKey(trimmedText(64)) })

export const Session = Schema.Struct({ token: Schema.String, expiresAt: Timestamp })

export class AuthApi extends HttpApiGroup.make("auth")
  .add(
    HttpApiEndpoint.post("signIn", "/auth", {
      payload: SignIn,
      success: Session,
      error: [InvalidAccessCode, TooManyAttempts]
    }).annotate(OpenApi.Description, "Exchanges the access code for a token that is valid for 24 hours.")
  )
  .add(
    HttpApiEndpoint.delete("signOut", "/auth", { success: HttpApiSchema.NoContent })
      .annotate(OpenApi.Description, "Revokes the token.")
      .middleware(Authorization)
  )
  .annotate(OpenApi.Description, "Signing in and out.") {}
