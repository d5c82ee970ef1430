import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Schema from "effect/Schema"
import type { Variables } from "./environment.ts"
import { CallFailed } from "./Orchestrator.ts"

const Assumed = Schema.Struct({
  AssumeRoleWithWebIdentityResponse: Schema.Struct({
    AssumeRoleWithWebIdentityResult: Schema.Struct({
      Credentials: Schema.Struct({
        AccessKeyId: Schema.String,
        SecretAccessKey: Schema.String,
        SessionToken: Schema.String
      })
    })
  })
})
const decode = HttpClientResponse.schemaBodyJson(Assumed)

export const stsAudience = "sts.amazonaws.com"

/** Exchanges the job's token for the credentials of a role, as variables. The address is AWS's own unless one is given. */
export const assumeRole = (
  client: HttpClient.HttpClient,
  {
    address,
    region,
    role,
    token
  }: {
    readonly role: string
    readonly region: string
    readonly token: string
    readonly address?: string | undefined
  }
): Effect.Effect<Variables, CallFailed> =>
  client
    .execute(
      HttpClientRequest.post(address ?? `https://sts.${region}.amazonaws.com/`).pipe(
        HttpClientRequest.setHeader("accept", "application/json"),
        HttpClientRequest.bodyUrlParams({
          Action: "AssumeRoleWithWebIdentity",
          Version: "2011-06-15",
          RoleArn: role,
          RoleSessionName: "ai-implement",
          WebIdentityToken: token
        })
      )
    )
    .pipe(
      Effect.flatMap(HttpClientResponse.filterStatusOk),
      Effect.flatMap(decode),
      Effect.timeout("30 seconds"),
      Effect.map(({ AssumeRoleWithWebIdentityResponse: { AssumeRoleWithWebIdentityResult: found } }) => ({
        AWS_ACCESS_KEY_ID: found.Credentials.AccessKeyId,
        AWS_SECRET_ACCESS_KEY: found.Credentials.SecretAccessKey,
        AWS_SESSION_TOKEN: found.Credentials.SessionToken,
        AWS_REGION: region
      })),
      Effect.mapError(
        () =>
          new CallFailed({
            reason: "credential_refused",
            message: `AWS does not grant the role ${role} to this job. Check its trust policy, and the variable AI_IMPLEMENT_AWS_ROLE.`
          })
      )
    )
