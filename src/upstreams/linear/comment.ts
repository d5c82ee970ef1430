import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { UpstreamError } from "../UpstreamError.ts"
import type { Ask } from "./client.ts"
import { mayBeDone } from "../client/errors.ts"
import * as documents from "./documents.ts"
import type { IssueId } from "../../domain/Ids.ts"

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
  readonly issueId: IssueId
  readonly body: string
  readonly parentId?: string
}

/** When an answer does not show whether the comment exists, it is read. */
export const makeComment = (ask: Ask) =>
  Effect.fn("Linear.comment")(function* ({
    id,
    issueId,
    ...content
  }: Comment): Effect.fn.Return<void, UpstreamError> {
    const call = { name: "comment", to: `comment on the issue ${issueId}`, unanswered: mayBeDone }
    yield* ask({
      ...call,
      document: documents.comment,
      variables: { input: { id, issueId, ...content } },
      body: Created
    }).pipe(
      Effect.asVoid,
      Effect.catchIf(mayExist, (failed) =>
        ask({ ...call, document: documents.commentById, variables: { id }, body: Found }).pipe(
          Effect.mapError(() => failed),
          Effect.flatMap(({ comment }) => (comment.issue?.id === issueId ? Effect.void : Effect.fail(failed)))
        )
      )
    )
  })
