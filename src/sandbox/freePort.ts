import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { firstFreePort } from "../platform/Cluster/address.ts"

const given = new Set<number>()

/** A free port of this machine, below the system's ephemeral ports; never the same twice. */
export const freePort: Effect.Effect<number> = Effect.gen(function* () {
  const port = yield* firstFreePort("127.0.0.1", yield* Random.nextIntBetween(12_000, 30_000))
  if (given.has(port)) return yield* freePort
  given.add(port)
  return port
})
