import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type { Environment } from "./environment.ts"
import { CallFailed } from "./Orchestrator.ts"

const decode = HttpClientResponse.schemaBodyJson(Schema.Struct({ value: Schema.String }))

/** A new OIDC token of the job for the audience; each is valid for one call. */
export const jobToken = (
  client: HttpClient.HttpClient,
  { jobToken: source }: Environment,
  audience: string
) =>
  source === null
    ? Effect.fail(
        new CallFailed({
          reason: "NotConfigured",
          message:
            "The job may not request an OIDC token: its permissions lack id-token: write. Render the workflow files again."
        })
      )
    : HttpClient.execute(
        HttpClientRequest.get(source.url, { urlParams: { audience } }).pipe(
          HttpClientRequest.bearerToken(source.token)
        )
      ).pipe(
        Effect.flatMap(HttpClientResponse.filterStatusOk),
        Effect.flatMap(decode),
        Effect.retry({ schedule: Schedule.exponential("500 millis"), times: 4 }),
        Effect.map(({ value }) => value),
        Effect.mapError(
          () =>
            new CallFailed({
              reason: "NoJobToken",
              message: "GitHub does not issue an OIDC token for this job."
            })
        ),
        Effect.provideService(HttpClient.HttpClient, client)
      )
