import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import { someText, Timestamp } from "../domain/Text.ts"
import { Authorization } from "./Authorization.ts"
import { InvalidAccessCode, TooManyAttempts } from "./Errors.ts"

export const SignIn = Schema.Struct({ code: someText(1024), name: Schema.optionalKey(someText(64)) })

export const Session = Schema.Struct({ token: Schema.String, expiresAt: Timestamp })

export class AuthApi extends HttpApiGroup.make("auth")
  .add(
    HttpApiEndpoint.post("signIn", "/auth", {
      payload: SignIn,
      success: Session,
      error: [InvalidAccessCode, TooManyAttempts]
    })
  )
  .add(
    HttpApiEndpoint.delete("signOut", "/auth", { success: HttpApiSchema.NoContent }).middleware(Authorization)
  ) {}
