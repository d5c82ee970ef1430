import { describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Exit from "effect/Exit"
import { start } from "./support/engine.ts"
describe("t", () => {
  for (const n of [1, 2, 3])
    it.live(`t${n}`, () => Effect.gen(function* () {
      const t0 = performance.now()
      const mark = (s: string) => Effect.sync(() => console.log(n, s, Math.round(performance.now() - t0)))
      const scope = yield* Scope.make()
      const { deliver, dispatched, issue, pass, settled } = yield* start().pipe(Scope.provide(scope))
      yield* mark("started")
      yield* pass
      yield* mark("pass")
      yield* pass
      yield* mark("pass2")
      const id = issue()
      const r = yield* dispatched(id)
      yield* mark("running")
      yield* deliver(r)
      yield* settled(id)
      yield* mark("settled")
      yield* Scope.close(scope, Exit.void)
      yield* mark("closed")
    }))
})
