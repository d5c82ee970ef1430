import * as Effect from "effect/Effect"
import { createHash, scrypt, timingSafeEqual } from "node:crypto"

const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest()

export const tokenHash = (token: string) => sha256(token).toString("base64url")

export const looksLikeToken = (text: string) => /^[A-Za-z0-9_-]{43}$/.test(text)

/** Compares in constant time. */
export const sameText = (a: string, b: string) => timingSafeEqual(sha256(a), sha256(b))

/** What is stored of the access code: slow to guess from, salted with the installation. */
export const slowDigest = (code: string, salt: string) =>
  Effect.callback<string>((resume) => {
    scrypt(code, salt, 32, (error, key) =>
      resume(error === null ? Effect.succeed(`scrypt:${key.toString("base64url")}`) : Effect.die(error))
    )
  })
