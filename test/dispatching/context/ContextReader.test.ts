import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import type * as Tracer from "effect/Tracer"
import { DecisionsRepo } from "../../../src/dispatching/issues/DecisionsRepo.ts"
import { runPass } from "../../../src/dispatching/poller/pass.ts"
import { PassesRepo } from "../../../src/dispatching/poller/PassesRepo.ts"
import { operator, start } from "../../support/engine.ts"
import { statementsOf, traced } from "../../support/tracing.ts"

const inTransaction = ({
  name,
  parent
}: Tracer.AnySpan & { readonly name?: string; readonly parent?: Tracer.Span["parent"] }): boolean =>
  name === "sql.transaction" || (parent !== undefined && Option.exists(parent, inTransaction))

/** Runs what must read the context once, in no transaction, and nothing of it elsewhere. */
const readingOnce = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const { result, spans } = yield* traced(effect)
  const reads = spans.filter(({ name }) => name === "ContextReader.read")
  assert.lengthOf(reads, 1)
  assert.deepStrictEqual(reads.filter(inTransaction), [])
  const texts = statementsOf(spans)
  assert.lengthOf(
    texts.filter((text) => text.includes("from settings")),
    1
  )
  assert.lengthOf(
    texts.filter((text) => text.includes("select paused_at, paused_by")),
    1
  )
  return { result, texts }
})

describe("the dispatch context", () => {
  it.live("is read once per pass, and the mappings too", () =>
    Effect.gen(function* () {
      const { attempts, issue, pass, services } = yield* start()
      yield* pass
      const onePass = Effect.gen(function* () {
        const passes = yield* PassesRepo
        const epoch = yield* passes.raiseEpoch("test")
        const id = yield* passes.begin(epoch)
        return yield* runPass({ id, epoch, lastCount: 10, requests: yield* Ref.make(0) })
      }).pipe(Effect.provide([PassesRepo.layer, DecisionsRepo.layer]), Effect.provide(services))
      const identifier = issue({ blockedBy: [issue({ labels: [] })] })
      const other = issue()
      for (const dispatched of [1, 0]) {
        const { result, texts } = yield* readingOnce(onePass)
        assert.strictEqual(result.dispatched, dispatched)
        assert.lengthOf(
          texts.filter((text) => text === "select * from mappings"),
          1
        )
      }
      assert.deepStrictEqual([yield* attempts(identifier), (yield* attempts(other)).length], [[], 1])
    })
  )

  it.live("is read once per command that dispatches or clears, outside of its transaction", () =>
    Effect.gen(function* () {
      const { candidates, dispatched, finish, issue, linear, settled, sql, waitsFor } = yield* start({
        mapping: { maxInProgressAiIssues: 5 }
      })
      const [failed, stray] = [issue(), issue({ labels: ["AI-Implement", "AI-Working"] })]
      const first = yield* dispatched(failed)
      yield* finish(first, "failure")
      yield* settled(failed)
      yield* waitsFor(failed, "dedup")
      linear.failNext({ match: "query Page", times: Infinity, action: { _tag: "status", status: 503 } })
      yield* sql`update issue_failures set failures = 3, parked_at = now()`
      yield* readingOnce(candidates.unpark(failed, operator))
      yield* readingOnce(candidates.reset(stray, operator))
      yield* readingOnce(candidates.reset(stray, operator))
      const { result } = yield* readingOnce(candidates.retry(first.id, operator))
      assert.strictEqual(result.attempt, 2)
      yield* readingOnce(candidates.removeFromDedup(failed, operator))
      yield* readingOnce(Effect.flip(candidates.dispatch({ issue: failed, by: operator })))
    })
  )

  it.live("is read once per verdict on a plan, outside of its transaction", () =>
    Effect.gen(function* () {
      const { candidates, deliverPlan, dispatched, issue, settled, waitsFor } = yield* start({
        mapping: { planningEnabled: true, autoApprovePlans: false }
      })
      const identifiers = [issue(), issue()] as const
      for (const identifier of identifiers) {
        yield* deliverPlan(yield* dispatched(identifier))
        yield* settled(identifier)
        yield* waitsFor(identifier, "waiting_approval")
      }
      yield* readingOnce(candidates.approve(identifiers[0], operator))
      yield* readingOnce(candidates.reject(identifiers[1], "Too large.", operator))
    })
  )
})
