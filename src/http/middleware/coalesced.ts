import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"

const readingsAtOnce = 2

/**
 * Responds with the result of a read, in the contract's form. Equal requests that arrive during a read
 * share the next one, so that each result was read after its request.
 */
export const coalesced = <S extends Schema.Constraint & { readonly EncodingServices: never }, Query>(
  contract: S,
  read: (query: Query) => Effect.Effect<{
    readonly value: S["Type"]
    readonly headers?: Readonly<Record<string, string>>
  }>
) => {
  const encode = Schema.encodeEffect(Schema.fromJsonString(Schema.toCodecJson(contract)))
  const waiting = new Map<string, Deferred.Deferred<HttpServerResponse.HttpServerResponse>>()
  const readings = Semaphore.makeUnsafe(readingsAtOnce)

  const answer = Effect.fnUntraced(function* (name: string, query: Query) {
    waiting.delete(name)
    const { headers = {}, value } = yield* read(query)
    const body = new TextEncoder().encode(yield* encode(value))
    return HttpServerResponse.uint8Array(body, { contentType: "application/json", headers })
  }, Effect.orDie)

  return Effect.fnUntraced(function* (query: Query) {
    const name = JSON.stringify(query)
    const next = waiting.get(name)
    if (next !== undefined) return yield* Deferred.await(next)
    const own = Deferred.makeUnsafe<HttpServerResponse.HttpServerResponse>()
    waiting.set(name, own)
    yield* answer(name, query).pipe(readings.withPermit, Deferred.into(own), Effect.forkDetach)
    return yield* Deferred.await(own)
  })
}
