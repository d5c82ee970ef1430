import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { FactsRepo } from "./FactsRepo.ts"
import { DecisionsRepo } from "./DecisionsRepo.ts"
import { decideAll } from "../decision/decideAll.ts"
import type { DispatchContext } from "../decision/DispatchContext.ts"
import type { IssueId } from "../../domain/Ids.ts"

/** Decisions between passes. */
export class Decisions extends Context.Service<
  Decisions,
  {
    /** Decides again about an issue that a pass has decided about, in the transaction that changed its facts. */
    readonly renew: (issueId: IssueId, context: DispatchContext) => Effect.Effect<void>
  }
>()("ai-implement/dispatching/issues/Decisions") {
  static readonly layer = Layer.effect(
    Decisions,
    Effect.gen(function* () {
      const repo = yield* DecisionsRepo
      const facts = yield* FactsRepo

      const renew = Effect.fn("Decisions.renew")(function* (issueId: IssueId, given: DispatchContext) {
        const issue = yield* repo.decided(issueId)
        if (issue === null) return
        const context = { ...given, now: yield* DateTime.now }
        const mappings = (yield* facts.mappings).filter(({ teamKey }) => teamKey === issue.team.key)
        const { hourlyLimit, candidates } = yield* facts.gather([issue], issue.seenAt, mappings, context)
        yield* repo.replace(decideAll(context, candidates, hourlyLimit), issue.passId, context.now)
      })

      return Decisions.of({ renew })
    })
  )
}
