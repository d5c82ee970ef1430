import { assert } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import type { Report } from "../../src/domain/Report.ts"
import { Runner } from "../../src/dispatching/callbacks/Runner.ts"
import { type EngineOptions, start } from "./engine.ts"
import { jobToken, publicUrl, runIdOf } from "./job.ts"

/** The service and the calls of its runs. */
export const begin = Effect.fnUntraced(function* (options: EngineOptions = {}) {
  const engine = yield* start({ ...options, env: { PUBLIC_URL: publicUrl, ...options.env } })
  const runner = Context.get(engine.services, Runner)
  const token = (dispatch: Dispatch, request: Parameters<typeof jobToken>[2] = {}) =>
    jobToken(engine.github, runIdOf(dispatch), request)
  const claim = (dispatch: Dispatch) =>
    Effect.flatMap(token(dispatch), (token) => runner.claim(token, dispatch.id))
  const report = (dispatch: Dispatch, changes: Partial<Report> = {}) =>
    Effect.flatMap(token(dispatch), (token) =>
      runner.report(token, {
        dispatchId: dispatch.id,
        phase: dispatch.phase,
        outcome: "delivered",
        ...changes
      })
    )
  const claimed = Effect.gen(function* () {
    const dispatch = yield* engine.dispatched(engine.issue())
    yield* claim(dispatch)
    return dispatch
  })
  return { ...engine, runner, token, claim, report, claimed }
})

/** The error of a call that is refused. */
export const refusal = <A, E extends { readonly _tag: string; readonly message: string }, R>(
  call: Effect.Effect<A, E, R>
) =>
  Effect.map(Effect.result(call), (result) =>
    Result.isSuccess(result) ? assert.fail("It was let through.") : result.failure
  )
