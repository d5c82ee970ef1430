import * as Hex from "effect/encoding/Hex"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Mac from "effect/crypto/Mac"

const encoder = new TextEncoder()

/** Whether `signature` is the hex HMAC-SHA256 of the body by this secret, compared in constant time. */
export const isSigned = Effect.fnUntraced(function* (secret: string, signature: string, body: Uint8Array) {
  const mac = yield* Mac.Mac
  const tag = Hex.decode(signature)
  if (Result.isFailure(tag)) return false
  const key = yield* Mac.key(Mac.hmacSha256, encoder.encode(secret))
  return yield* mac.verify(key, tag.success, body)
}, Effect.orDie)
