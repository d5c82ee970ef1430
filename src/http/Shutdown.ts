import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** Whether the shutdown has begun; streams end when `begun` completes. */
export class Shutdown extends Context.Service<
  Shutdown,
  { readonly begun: Deferred.Deferred<void>; readonly isBegun: Effect.Effect<boolean> }
>()("ai-implement/http/Shutdown") {
  static readonly layer = Layer.effect(
    Shutdown,
    Effect.map(Deferred.make<void>(), (begun) => ({ begun, isBegun: Deferred.isDone(begun) }))
  )

  static readonly announce = Layer.effectDiscard(
    Effect.flatMap(Shutdown, ({ begun }) => Effect.addFinalizer(() => Deferred.succeed(begun, undefined)))
  )
}
