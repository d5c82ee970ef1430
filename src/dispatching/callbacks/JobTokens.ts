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
import { hostOf } from "../../upstreams/client/network.ts"
import { JobClaims } from "./claims.ts"
import { InvalidToken } from "./errors.ts"

/** GitHub's clock is not ours. */
const tolerance = 60

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

/** What is wrong with a token; null when the fault is not the token's. */
const faultOf = (cause: unknown, issuer: string, audience: string): string | null => {
  if (!(cause instanceof errors.JOSEError)) return null
  if (cause instanceof errors.JWTExpired) {
    return "The job's token has expired. Ask GitHub for a new one for each call."
  }
  if (cause instanceof errors.JWTClaimValidationFailed) {
    switch (cause.claim) {
      case "iss":
        return `The token was not issued by ${issuer}.`
      case "aud":
        return `The token is not meant for this service: ask for one with the audience ${audience}.`
      case "nbf":
        return "The token is not valid yet. Check the clocks."
    }
    return `The token's claim ${cause.claim} is missing or wrong.`
  }
  if (notSigned.has(cause.code)) return `The token is not signed with a key of ${issuer}.`
  return malformed.has(cause.code) ? "The token is neither one of ours nor a job's token of GitHub." : null
}

/** The OIDC tokens by which GitHub's jobs prove what they are. */
export class JobTokens extends Context.Service<
  JobTokens,
  {
    /** The claims of a genuine token that was made for us and is valid now. */
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
            "A job's token cannot be checked while PUBLIC_URL is not set. Nothing was changed. Set it to this service's address and restart."
          )
        }
        const now = yield* DateTime.now
        const { payload } = yield* Effect.tryPromise({
          try: () =>
            jwtVerify(token, keys, {
              algorithms: ["RS256"],
              issuer,
              audience,
              clockTolerance: tolerance,
              currentDate: DateTime.toDateUtc(now),
              requiredClaims: ["exp", "jti"]
            }),
          catch: (cause) => {
            const fault = faultOf(cause, issuer, audience)
            return fault === null
              ? unavailable(
                  { _tag: "Unavailable", delivery: "unknown" },
                  `The keys of GitHub's job tokens cannot be read from ${hostOf(issuer)}. Nothing was changed; try again. If it stays so, check GITHUB_OIDC_ISSUER and the network.`
                )
              : new InvalidToken({ message: fault })
          }
        })
        const claims = yield* Schema.decodeUnknownEffect(JobClaims)(payload).pipe(
          Effect.mapError(
            () => new InvalidToken({ message: "The token lacks claims that GitHub's job tokens have." })
          )
        )
        return { ...claims, exp: claims.exp + tolerance }
      })

      return JobTokens.of({ verify })
    })
  )
}
