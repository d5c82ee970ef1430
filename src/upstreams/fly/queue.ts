import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** The time between two creates in one app: Fly takes about one a second. `null` turns the queue off. */
export const CreateSpacing = Context.Reference<Duration.Duration | null>("ai-implement/FlyCreateSpacing", {
  defaultValue: () => Duration.seconds(1)
})

export const makeQueue = Effect.gen(function* () {
  const spacing = yield* CreateSpacing
  const next = new Map<string, number>()
  return Effect.fnUntraced(function* (app: string) {
    if (spacing === null) return
    const now = yield* Clock.currentTimeMillis
    const at = Math.max(now, next.get(app) ?? now)
    next.set(app, at + Duration.toMillis(spacing))
    if (at > now) yield* Effect.sleep(at - now)
  })
})
