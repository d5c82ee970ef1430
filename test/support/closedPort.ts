import * as Effect from "effect/Effect"
import { serve } from "../../src/sandbox/Upstream.ts"

/** An address of this machine at which nothing listens any more. */
export const closedPort = Effect.scoped(
  Effect.map(serve({ name: "closed", handler: () => Effect.succeed({ status: 200 }) }), ({ url }) => url)
)
