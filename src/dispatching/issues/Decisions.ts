import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Facts } from "./FactsRepo.ts"
import { DecisionsRepo } from "./DecisionsRepo.ts"
import { plan } from "../decision/decideAll.ts"
import { Situation } from "../context/ContextReader.ts"

/** Decisions between passes. */
export class Decisions extends Context.Service<
  Decisions,
  {
    /** Decides anew about an issue that a pass has decided about, in the transaction that changed what counts. */
    readonly renew: (issueId: string) => Effect.Effect<void>
  }
>()("ai-implement/Poller/Decisions") {
  static readonly layer = Layer.effect(
    Decisions,
    Effect.gen(function* () {
      const repo = yield* DecisionsRepo
      const facts = yield* Facts
      const situation = yield* Situation

      const renew = Effect.fn("Decisions.renew")(function* (issueId: string) {
        const issue = yield* repo.decided(issueId)
        if (issue === null) return
        const shared = yield* situation.now
        const mappings = (yield* facts.mappings).filter(({ teamKey }) => teamKey === issue.team.key)
        const { brake, candidates } = yield* facts.gather([issue], issue.seenAt, mappings, shared)
        yield* repo.replace(plan(shared, candidates, brake), issue.passId, shared.now)
      })

      return Decisions.of({ renew })
    })
  )
}
