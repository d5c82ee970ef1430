import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { UpstreamError } from "../UpstreamError.ts"
import type { Ask } from "./client.ts"
import * as documents from "./documents.ts"

const Created = Schema.Struct({ commentCreate: Schema.Struct({ success: Schema.Boolean }) })

const Found = Schema.Struct({
  comment: Schema.Struct({ issue: Schema.NullOr(Schema.Struct({ id: Schema.String })) })
})

const mayExist = ({ reason }: UpstreamError) =>
  reason._tag === "Rejected" ||
  reason._tag === "Malformed" ||
  (reason._tag === "Unavailable" && reason.delivery === "unknown")

export interface Comment {
  readonly id: string
  readonly issueId: string
  readonly body: string
  readonly parentId?: string
}

/** An answer that leaves it open whether the comment is there is settled by reading it. */
export const makeComment = (ask: Ask) =>
  Effect.fn("Linear.comment")(function* ({
    id,
    issueId,
    ...said
  }: Comment): Effect.fn.Return<void, UpstreamError> {
    const asked = { operation: "comment", to: `comment on the issue ${issueId}`, writes: true }
    yield* ask({
      ...asked,
      document: documents.comment,
      variables: { input: { id, issueId, ...said } },
      data: Created
    }).pipe(
      Effect.asVoid,
      Effect.catchIf(mayExist, (failed) =>
        ask({ ...asked, document: documents.commentById, variables: { id }, data: Found }).pipe(
          Effect.mapError(() => failed),
          Effect.flatMap(({ comment }) => (comment.issue?.id === issueId ? Effect.void : Effect.fail(failed)))
        )
      )
    )
  })
