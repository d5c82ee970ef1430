import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { IssueId } from "../../domain/Ids.ts"
import { type IssueComment, maxContextComments } from "../../domain/RunnerMessages.ts"
import { UpstreamText, UpstreamTime } from "../client/upstreamText.ts"
import type { Discussion } from "../Tracker.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import type { Ask } from "./client.ts"
import * as documents from "./documents.ts"

const CommentNode = Schema.Struct({
  id: UpstreamText,
  body: UpstreamText,
  createdAt: UpstreamTime,
  botActor: Schema.NullOr(Schema.Struct({ id: Schema.NullOr(UpstreamText) })),
  user: Schema.NullOr(Schema.Struct({ name: UpstreamText, app: Schema.Boolean }))
})

const Found = Schema.Struct({
  issue: Schema.Struct({
    parent: Schema.NullOr(Schema.Struct({ identifier: UpstreamText, title: UpstreamText })),
    comments: Schema.Struct({ nodes: Schema.Array(CommentNode) })
  })
})

const toComment = ({
  body,
  botActor,
  createdAt,
  user
}: typeof CommentNode.Type): ReadonlyArray<IssueComment> =>
  botActor !== null || user?.app === true
    ? []
    : [{ author: user?.name ?? null, at: createdAt, text: body.trim() }]

export const makeDiscussion = (ask: Ask) =>
  Effect.fn("Linear.discussion")(function* ({
    issueId,
    ours
  }: {
    readonly issueId: IssueId
    readonly ours: ReadonlyArray<string>
  }): Effect.fn.Return<Discussion, UpstreamError> {
    const { issue } = yield* ask({
      name: "discussion",
      to: `read the comments of the issue ${issueId}`,
      document: documents.discussion,
      variables: { id: issueId },
      body: Found
    })
    return {
      parent: issue.parent,
      comments: issue.comments.nodes
        .filter(({ id }) => !ours.includes(id))
        .flatMap(toComment)
        .toSorted((a, b) => DateTime.Order(a.at, b.at))
        .slice(-maxContextComments)
    }
  })
