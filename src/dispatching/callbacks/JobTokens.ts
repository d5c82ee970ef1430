import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { createRemoteJWKSet } from "jose/jwks/remote"
import { jwtVerify } from "jose/jwt/verify"
import * as errors from "jose/errors"
import { AppConfig } from "../../platform/Config.ts"
import { UpstreamError, type UpstreamReason } from "../../upstreams/UpstreamError.ts"
import { CallTimeout } from "../../upstreams/client/call.ts"
import { clockTolerance } from "../../upstreams/github/clock.ts"
import { hostOf } from "../../upstreams/client/network.ts"
import { JobClaims } from "./claims.ts"
import { InvalidToken } from "./errors.ts"

const toleranceSeconds = Duration.toSeconds(clockTolerance.jobToken)

const unavailable = (reason: UpstreamReason, message: string) =>
  new UpstreamError({ upstream: "github", operation: "jobToken", reason, message })

const notSigned = new Set([
  errors.JWSSignatureVerificationFailed.code,
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code
])

const malformed = new Set([
  errors.JWSInvalid.code,
  errors.JWTInvalid.code,
  errors.JOSENotSupported.code,
  errors.JOSEAlgNotAllowed.code
])

const faultOf = (cause: unknown, issuer: string, audience: string): string | null => {
  if (!(cause instanceof errors.JOSEError)) return null
  if (cause instanceof errors.JWTExpired) {
    return "The job's token has expired. Request a new one for each call."
  }
  if (cause instanceof errors.JWTClaimValidationFailed) {
    switch (cause.claim) {
      case "iss":
        return `The token was not issued by ${issuer}.`
      case "aud":
        return `The token is not meant for this service. Request one with the audience ${audience}.`
      case "nbf":
        return "The token is not valid yet. Check the clocks."
    }
    return `The token's claim ${cause.claim} is missing or wrong.`
  }
  if (notSigned.has(cause.code)) return `The token is not signed with a key of ${issuer}.`
  return malformed.has(cause.code)
    ? "The token is neither issued by this service nor a GitHub job token."
    : null
}

/** OIDC tokens that identify GitHub jobs. */
export class JobTokens extends Context.Service<
  JobTokens,
  {
    /** The claims of a valid token issued for this service. */
    readonly verify: (token: string) => Effect.Effect<JobClaims, InvalidToken | UpstreamError>
  }
>()("ai-implement/dispatching/callbacks/JobTokens") {
  static readonly layer = Layer.effect(
    JobTokens,
    Effect.gen(function* () {
      const { GITHUB_OIDC_ISSUER: issuer, PUBLIC_URL: audience } = yield* AppConfig
      const timeout = yield* CallTimeout
      const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks`), {
        timeoutDuration: Duration.toMillis(timeout)
      })

      const verify = Effect.fn("JobTokens.verify")(function* (token: string) {
        if (audience === null) {
          return yield* unavailable(
            { _tag: "NotConfigured", missing: ["PUBLIC_URL"] },
            "Job tokens cannot be verified: PUBLIC_URL is not set. Nothing was changed. Set it to this service's address and restart."
          )
        }
        const now = yield* DateTime.now
        const { payload } = yield* Effect.tryPromise({
          try: () =>
            jwtVerify(token, keys, {
              algorithms: ["RS256"],
              issuer,
              audience,
              clockTolerance: toleranceSeconds,
              currentDate: DateTime.toDateUtc(now),
              requiredClaims: ["exp", "jti"]
            }),
          catch: (cause) => {
            const fault = faultOf(cause, issuer, audience)
            return fault === null
              ? unavailable(
                  { _tag: "Unavailable", delivery: "unknown" },
                  `The keys of GitHub's job tokens cannot be read from ${hostOf(issuer)}. Nothing was changed; try again. If this persists, check GITHUB_OIDC_ISSUER and the network.`
                )
              : new InvalidToken({ message: fault })
          }
        })
        const claims = yield* Schema.decodeUnknownEffect(JobClaims)(payload).pipe(
          Effect.mapError(
            () => new InvalidToken({ message: "The token lacks claims of a GitHub job token." })
          )
        )
        return { ...claims, exp: claims.exp + toleranceSeconds }
      })

      return JobTokens.of({ verify })
    })
  )
}
