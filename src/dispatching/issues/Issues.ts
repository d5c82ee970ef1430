import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { DedupEntry } from "../../domain/Dedup.ts"
import type { Issue } from "../../domain/Issue.ts"
import type { ReasonTag } from "../../domain/Reason.ts"
import { DedupRepo } from "./DedupRepo.ts"
import { IssuesRepo } from "./IssuesRepo.ts"

export class IssueNotFound extends Schema.TaggedError<IssueNotFound>()("IssueNotFound", {
  message: Schema.String
}) {}

/** The candidates of the last pass with their decisions, and the dedup window. Issues by id or identifier. */
export class Issues extends Context.Service<
  Issues,
  {
    readonly list: (filter: {
      readonly team?: string | undefined
      readonly reason?: ReasonTag | undefined
      readonly issue?: string | undefined
    }) => Effect.Effect<ReadonlyArray<Issue>>
    readonly get: (issue: string) => Effect.Effect<Issue, IssueNotFound>
    readonly dedup: Effect.Effect<ReadonlyArray<DedupEntry>>
  }
>()("ai-implement/dispatching/issues/Issues") {
  static readonly layer = Layer.effect(
    Issues,
    Effect.gen(function* () {
      const { list } = yield* IssuesRepo
      const dedup = yield* DedupRepo

      const get = Effect.fn("Issues.get")(function* (ref: string) {
        const [issue] = yield* list({ issue: ref })
        if (issue !== undefined) return issue
        return yield* new IssueNotFound({
          message: `No pass has seen an issue ${ref}; it needs the pickup label and an open state.`
        })
      })

      return Issues.of({ list, get, dedup: dedup.list })
    })
  )
}
