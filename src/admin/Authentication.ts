import * as Cache from "effect/Cache"
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import { clientOf } from "./Authentication/address.ts"
import { AttemptsRepo } from "./Authentication/AttemptsRepo.ts"
import { resetAfter, hasBudget, hourlyBudget, knownFor, lockFor } from "./Authentication/lockout.ts"
import { looksLikeToken, sameText, slowDigest, tokenHash } from "../platform/tokens.ts"
import { AdminTokensRepo } from "./Authentication/AdminTokensRepo.ts"
import { type Actor, Audit } from "./Audit.ts"
import { AppConfig } from "../platform/Config.ts"
import { reveal } from "../platform/Config/environment.ts"
import { Instance } from "./Instance.ts"
import { makeAfterCommit, makeAtomically } from "../platform/Sql/atomically.ts"

export class WrongCode extends Schema.TaggedError<WrongCode>()("WrongCode", {}) {}

/** `retryAfter` in seconds. */
export class TooManyTries extends Schema.TaggedError<TooManyTries>()("TooManyTries", {
  retryAfter: Schema.Int
}) {}

export interface SignIn {
  readonly code: string
  readonly name: string | null
  readonly address: string
}

export interface Token {
  readonly token: string
  readonly expiresAt: DateTime.Utc
}

export interface Admin {
  readonly session: string
  readonly name: string | null
}

const lifetime = Duration.hours(24)
const shortCode = 16

/** Sign-in with the access code, and the tokens it issues. */
export class Authentication extends Context.Service<
  Authentication,
  {
    readonly signIn: (attempt: SignIn) => Effect.Effect<Token, WrongCode | TooManyTries>
    /** The owner of a token; null when it is unknown, expired or revoked. Other replicas notice a revocation within 5 s. */
    readonly verify: (token: string) => Effect.Effect<Admin | null>
    readonly signOut: (by: Actor) => Effect.Effect<void>
  }
>()("ai-implement/admin/Authentication") {
  static readonly layerNoDeps = Layer.effect(
    Authentication,
    Effect.gen(function* () {
      const afterCommit = yield* makeAfterCommit
      const atomically = yield* makeAtomically
      const sessions = yield* AdminTokensRepo
      const attempts = yield* AttemptsRepo
      const audit = yield* Audit
      const instance = yield* Instance
      const random = yield* SecureRandom.SecureRandom
      const accessCode = reveal((yield* AppConfig).ADMIN_ACCESS_CODE)
      const oneAtATime = yield* Semaphore.make(1)

      if (accessCode !== null) {
        const digest = yield* slowDigest(accessCode, yield* instance.orchestratorId)
        if (yield* instance.accessCodeChanged(digest)) {
          yield* sessions.revokeAll
          yield* Effect.logInfo("ADMIN_ACCESS_CODE has changed: every operator has to sign in again")
        }
        if (accessCode.length < shortCode) {
          yield* Effect.logWarning(
            `ADMIN_ACCESS_CODE has fewer than ${shortCode} characters and can be guessed; set a longer one and restart`
          )
        }
      }

      const known = yield* Cache.makeWith(sessions.find, {
        capacity: 1000,
        timeToLive: (exit) => (Exit.isSuccess(exit) ? "5 seconds" : "0 seconds")
      })

      const verify = Effect.fnUntraced(function* (token: string) {
        if (!looksLikeToken(token)) return null
        const session = Option.getOrNull(yield* Cache.get(known, tokenHash(token)))
        if (session === null || DateTime.isLessThanOrEqualTo(session.expiresAt, yield* DateTime.now))
          return null
        return { session: session.id, name: session.name }
      })

      const budgetWait = Effect.fnUntraced(function* (client: string, now: DateTime.Utc) {
        if (!hasBudget(accessCode?.length ?? 0, client)) return 0
        const since = DateTime.subtract(now, { hours: 1 })
        const filling = yield* attempts.nthFailure({ nth: hourlyBudget, since })
        if (Option.isNone(filling)) return 0
        if (yield* sessions.knownClient(client, DateTime.subtractDuration(now, knownFor))) return 0
        return secondsBetween(since, filling.value.at)
      })

      const open = Effect.fnUntraced(function* (attempt: SignIn, client: string, now: DateTime.Utc) {
        const token = Base64Url.encode(yield* random.randomBytes(32))
        const session = {
          id: yield* random.uuidV7(),
          tokenHash: tokenHash(token),
          name: attempt.name,
          address: client,
          createdAt: now,
          expiresAt: DateTime.addDuration(now, lifetime)
        }
        yield* attempts.clear(client)
        yield* sessions.insert(session)
        yield* audit.record({
          actor: { name: attempt.name, session: session.id, address: attempt.address },
          action: "sign_in",
          subject: "admin"
        })
        return { token, expiresAt: session.expiresAt }
      })

      // An entry for each would let a stranger fill the audit.
      const noteFailure = Effect.fnUntraced(function* (
        { address }: SignIn,
        { failures, lock, now }: { failures: number; lock: Duration.Duration | null; now: DateTime.Utc }
      ) {
        const since = DateTime.subtract(now, { hours: 1 })
        if (Option.isSome(yield* attempts.nthFailure({ nth: hourlyBudget, since }))) return
        yield* attempts.noteFailure(now)
        yield* audit.record({
          actor: { name: null, session: null, address },
          action: lock === null ? "sign_in.wrong_code" : "sign_in.locked",
          subject: "admin",
          after: { failures, ...(lock !== null && { lockedSeconds: Duration.toSeconds(lock) }) }
        })
      })

      const check = Effect.fnUntraced(function* (attempt: SignIn) {
        const now = yield* DateTime.now
        const client = clientOf(attempt.address)
        const wait = yield* budgetWait(client, now)
        if (wait > 0) return new TooManyTries({ retryAfter: wait })
        const resetBefore = DateTime.subtractDuration(now, resetAfter)
        const counted = yield* attempts.count({ address: client, now, resetBefore })
        if (Option.isNone(counted)) {
          const until = yield* attempts.lockedUntil(client)
          return new TooManyTries({ retryAfter: secondsBetween(now, until ?? now) })
        }
        if (accessCode !== null && sameText(attempt.code, accessCode))
          return yield* open(attempt, client, now)
        const { failures } = counted.value
        const lock = lockFor(failures)
        yield* noteFailure(attempt, { failures, lock, now })
        if (lock !== null) {
          yield* attempts.lock(client, DateTime.addDuration(now, lock))
          yield* Effect.logWarning(
            `${client} sent ${failures} wrong access codes and has to wait ${Duration.format(lock)}`
          )
        }
        return new WrongCode()
      }, atomically)

      const signIn = Effect.fn("Authentication.signIn")(function* (attempt: SignIn) {
        const result = yield* oneAtATime.withPermit(check(attempt))
        return "token" in result ? result : yield* result
      })

      const signOut = Effect.fn("Authentication.signOut")(function* (by: Actor) {
        if (by.session !== null) yield* sessions.revoke(by.session)
        yield* audit.record({ actor: by, action: "sign_out", subject: "admin" })
        yield* afterCommit(Cache.invalidateAll(known))
      }, atomically)

      return Authentication.of({ signIn, verify, signOut })
    })
  )
  static readonly layer = Authentication.layerNoDeps.pipe(
    Layer.provide([
      AdminTokensRepo.layer,
      AttemptsRepo.layer,
      Audit.layer,
      Instance.layer,
      SecureRandom.layerWebCrypto
    ])
  )
}

const secondsBetween = (from: DateTime.Utc, to: DateTime.Utc) =>
  Math.max(1, Math.ceil((DateTime.toEpochMillis(to) - DateTime.toEpochMillis(from)) / 1000))
