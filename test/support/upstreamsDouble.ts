import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Budget } from "../../src/domain/Overview.ts"
import type { Upstream } from "../../src/domain/Reason.ts"
import { Upstreams } from "../../src/upstreams/health/Upstreams.ts"
import type { UpstreamError } from "../../src/upstreams/UpstreamError.ts"

export interface RecordedCalls {
  readonly ended: Array<{ readonly name: Upstream; readonly error: UpstreamError | null }>
  readonly budgets: Map<Upstream, ReadonlyArray<Budget>>
}

/** What the service recorded of its upstreams. */
export class UpstreamCalls extends Context.Service<UpstreamCalls, RecordedCalls>()("test/UpstreamCalls") {}

/** Upstreams that only remembers. */
export const upstreamsDouble = Layer.effectContext(
  Effect.sync(() => {
    const recorded: RecordedCalls = { ended: [], budgets: new Map() }
    const upstreams = Upstreams.of({
      ended: (name, error) => Effect.sync(() => void recorded.ended.push({ name, error })),
      budget: (name, budgets) =>
        Effect.sync(() => {
          if (budgets.length > 0) recorded.budgets.set(name, budgets)
        }),
      states: Effect.succeed([])
    })
    return Context.make(UpstreamCalls, recorded).pipe(Context.add(Upstreams, upstreams))
  })
)
