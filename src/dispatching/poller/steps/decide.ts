import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { ContextReader } from "../../context/ContextReader.ts"
import { decideAll } from "../../decision/decideAll.ts"
import { FactsRepo } from "../../issues/FactsRepo.ts"
import { Readiness } from "../../readiness/Readiness.ts"
import type { Decided, Reading } from "./PassState.ts"

/**
 * Decides about every candidate. The context is read here, after the calls to Linear and the probes; `now` is the
 * moment before the facts are read, so that a later decision by a command is not overwritten.
 */
export const decide = Effect.fn("Pass.decide")(function* ({ mappings, readAt, ...reading }: Reading) {
  const facts = yield* FactsRepo
  const contextReader = yield* ContextReader
  const readiness = yield* Readiness
  const candidates = [...reading.candidates, ...reading.unreadable.filter(({ candidate }) => candidate)]
  const awaited = new Set(candidates.map(({ team }) => team.key))
  const checked = yield* readiness.refresh(
    mappings.filter(({ paused, teamKey }) => !paused && awaited.has(teamKey)),
    yield* contextReader.read
  )
  const context = { ...checked, now: yield* DateTime.now }
  const gathered = yield* facts.gather(candidates, readAt, mappings, context)
  return {
    context,
    planned: decideAll(context, gathered.candidates, gathered.hourlyLimit)
  } satisfies Decided
})
