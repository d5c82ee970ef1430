import * as Effect from "effect/Effect"
import { serve } from "../../src/sandbox/Upstream.ts"

export const elsewhere = Effect.map(
  serve({ name: "elsewhere", handler: () => Effect.succeed({ status: 200, body: {} }) }),
  ({ control, url }) => ({ url, calls: () => control.calls().map(({ method, path }) => `${method} ${path}`) })
)
