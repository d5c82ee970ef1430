import type { LinearDocument } from "@linear/sdk"
import type { Actor } from "../changes.ts"
import type { Comment } from "../entities.ts"
import { invalid, notFound, UserError } from "../errors.ts"
import { putComment } from "../seed.ts"
import { findIssue, fresh, put, emit } from "../Store.ts"
import type { Views } from "../views/View.ts"
import { modelled, ownId } from "./inputs.ts"

export const onIssueMutations = (actor: Actor, look: () => Views) => {
  const { store, now, userId } = actor

  const issueOf = (id: string | null | undefined) => {
    const issue = id == null ? undefined : findIssue(store, id)
    if (issue === undefined) throw notFound("Issue")
    return issue
  }

  const ownComment = (id: string): Comment => {
    const comment = store.comments.get(id)
    if (comment === undefined) throw notFound("Comment")
    if (comment.userId !== userId) {
      throw new UserError("Forbidden", "You can only change your own comments.", "FORBIDDEN")
    }
    return comment
  }

  const text = (body: string | null | undefined): string => {
    if (body == null || body.trim() === "") throw invalid("body must not be empty.")
    return body
  }

  return {
    commentCreate: ({ input }: LinearDocument.MutationCommentCreateArgs) => {
      modelled(input, "body", "doNotSubscribeToIssue", "id", "issueId", "parentId")
      const body = text(input.body)
      const issue = issueOf(input.issueId)
      const parentId = input.parentId ?? null
      if (parentId !== null && store.comments.get(parentId)?.issueId !== issue.id) throw notFound("Comment")
      const comment = putComment(store, {
        ...fresh(ownId(store, "Comment", input.id), now),
        issueId: issue.id,
        parentId,
        userId,
        bot: null,
        body,
        editedAt: null
      })
      return { success: true, lastSyncId: store.nextSyncId(), comment: look().comment(comment) }
    },

    commentUpdate: ({ id, input, skipEditedAt }: LinearDocument.MutationCommentUpdateArgs) => {
      modelled(input, "body", "doNotSubscribeToIssue")
      const comment = ownComment(id)
      const updatedFrom = { body: comment.body, updatedAt: comment.updatedAt }
      if (input.body !== undefined) comment.body = text(input.body)
      comment.updatedAt = now
      if (skipEditedAt !== true) comment.editedAt = now
      emit(store, {
        action: "update",
        at: now,
        userId,
        entity: { type: "Comment", row: comment },
        updatedFrom
      })
      return { success: true, lastSyncId: store.nextSyncId(), comment: look().comment(comment) }
    },

    commentDelete: ({ id }: LinearDocument.MutationCommentDeleteArgs) => {
      const comment = ownComment(id)
      emit(store, { action: "remove", at: now, userId, entity: { type: "Comment", row: comment } })
      store.comments.delete(comment.id)
      return { success: true, lastSyncId: store.nextSyncId(), entityId: id }
    },

    attachmentCreate: ({ input }: LinearDocument.MutationAttachmentCreateArgs) => {
      modelled(input, "id", "issueId", "metadata", "subtitle", "title", "url")
      const issue = issueOf(input.issueId)
      if (!URL.canParse(input.url)) throw invalid("url must be a URL address.")
      const current = [...store.attachments.values()].find(
        ({ issueId, url }) => issueId === issue.id && url === input.url
      )
      const attachment = put(store.attachments, {
        ...(current ?? fresh(ownId(store, "Attachment", input.id), now)),
        updatedAt: now,
        issueId: issue.id,
        url: input.url,
        creatorId: current?.creatorId ?? userId,
        title: input.title,
        subtitle: input.subtitle ?? null,
        metadata: input.metadata ?? {}
      })
      return { success: true, lastSyncId: store.nextSyncId(), attachment: look().attachment(attachment) }
    }
  }
}
