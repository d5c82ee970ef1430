import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Reply } from "../Tracker.ts"
import { UpstreamText, UpstreamTime } from "../client/upstreamText.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import type { Ask } from "./client.ts"
import * as documents from "./documents.ts"

const CommentNode = Schema.Struct({
  id: UpstreamText,
  parentId: Schema.NullOr(UpstreamText),
  body: UpstreamText,
  createdAt: UpstreamTime,
  botActor: Schema.NullOr(Schema.Struct({ id: Schema.NullOr(UpstreamText) })),
  user: Schema.NullOr(Schema.Struct({ name: UpstreamText, app: Schema.Boolean }))
})

const Found = Schema.Struct({ comments: Schema.Struct({ nodes: Schema.Array(CommentNode) }) })

const toReply = ({
  body,
  botActor,
  createdAt,
  parentId,
  user
}: typeof CommentNode.Type): ReadonlyArray<Reply> =>
  parentId === null || botActor !== null || user === null || user.app
    ? []
    : [{ commentId: parentId, text: body.trim(), by: user.name, at: createdAt }]

export const makeReplies = (ask: Ask) =>
  Effect.fn("Linear.replies")(function* ({
    commentIds,
    ours
  }: {
    readonly commentIds: ReadonlyArray<string>
    readonly ours: ReadonlyArray<string>
  }): Effect.fn.Return<ReadonlyArray<Reply>, UpstreamError> {
    const { comments } = yield* ask({
      name: "replies",
      to: "read the replies to open questions",
      document: documents.replies,
      variables: { filter: { parent: { id: { in: commentIds } } } },
      body: Found
    })
    return comments.nodes
      .toReversed()
      .filter(({ id }) => !ours.includes(id))
      .flatMap(toReply)
      .toSorted((a, b) => DateTime.Order(a.at, b.at))
  })
