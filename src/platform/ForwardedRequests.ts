import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { AppConfig } from "./Config.ts"

export const forwardedUntrusted =
  "A request came through a proxy while TRUST_PROXY is 0, so every client of that proxy counts as one: five wrong access codes lock all of them out. Set TRUST_PROXY to the number of proxies in front of the service, and restart. Without a proxy, a client made the header up; nothing has to be changed."

/** Whether a request came through a proxy that is not trusted. */
export class ForwardedRequests extends Context.Service<
  ForwardedRequests,
  {
    readonly note: (headers: Readonly<Record<string, string | undefined>>) => Effect.Effect<void>
    readonly untrusted: Effect.Effect<boolean>
  }
>()("ai-implement/platform/ForwardedRequests") {
  static readonly layer = Layer.effect(
    ForwardedRequests,
    Effect.gen(function* () {
      const { TRUST_PROXY } = yield* AppConfig
      let seen = false
      return ForwardedRequests.of({
        note: (headers) => {
          if (seen || TRUST_PROXY > 0 || !("x-forwarded-for" in headers || "forwarded" in headers)) {
            return Effect.void
          }
          seen = true
          return Effect.logWarning(forwardedUntrusted)
        },
        untrusted: Effect.sync(() => seen)
      })
    })
  )
}
