import type { Attachment, Comment, IssueHistory, IssueRelation } from "../entities.ts"
import { identifierOf, known, type Store } from "../Store.ts"
import { none, type View, type Views } from "./View.ts"

const absentInComment = none(
  "agentSession",
  "documentContent",
  "documentContentId",
  "externalThread",
  "externalUser",
  "initiative",
  "initiativeId",
  "initiativeUpdate",
  "initiativeUpdateId",
  "onBehalfOf",
  "post",
  "project",
  "projectId",
  "projectUpdate",
  "projectUpdateId",
  "quotedText",
  "resolvedAt",
  "resolvingComment",
  "resolvingCommentId",
  "resolvingUser",
  "syncedWith"
)

export const commentUrl = (store: Store, { id, issueId }: Comment) =>
  `https://linear.app/${store.organization.urlKey}/issue/${identifierOf(store, known(store.issues, issueId))}#comment-${id.slice(0, 8)}`

export const commentView = (views: Views, { bot, ...comment }: Comment): View => {
  const { store } = views
  const issue = known(store.issues, comment.issueId)
  return {
    ...absentInComment,
    ...comment,
    url: commentUrl(store, { bot, ...comment }),
    botActor:
      bot === null
        ? null
        : { ...none("avatarUrl", "id", "subType", "userDisplayName"), type: "integration", name: bot },
    reactionData: {},
    reactions: [],
    get issue() {
      return views.issue(issue)
    },
    get user() {
      return views.userById(comment.userId)
    },
    get parent() {
      const parent = comment.parentId === null ? undefined : store.comments.get(comment.parentId)
      return parent === undefined ? null : views.comment(parent)
    },
    get children() {
      return [...store.comments.values()].filter(({ parentId }) => parentId === comment.id).map(views.comment)
    }
  }
}

export const relationView = (views: Views, relation: IssueRelation): View => ({
  ...relation,
  get issue() {
    return views.issue(known(views.store.issues, relation.issueId))
  },
  get relatedIssue() {
    return views.issue(known(views.store.issues, relation.relatedIssueId))
  }
})

export const attachmentView = (views: Views, attachment: Attachment): View => ({
  ...none("bodyData", "externalUserCreator", "originalIssue", "source", "sourceType"),
  ...attachment,
  groupBySource: false,
  get issue() {
    return views.issue(known(views.store.issues, attachment.issueId))
  },
  get creator() {
    return views.userById(attachment.creatorId)
  }
})

const changeable = none(
  "addedLabelIds",
  "removedLabelIds",
  "fromStateId",
  "toStateId",
  "fromTeamId",
  "toTeamId",
  "fromTitle",
  "toTitle",
  "fromPriority",
  "toPriority",
  "fromAssigneeId",
  "toAssigneeId",
  "fromEstimate",
  "toEstimate",
  "updatedDescription",
  "archived",
  "trashed",
  "botActor"
)

export const historyView = (views: Views, entry: IssueHistory): View => {
  const { store } = views
  const labels = (ids: ReadonlyArray<string> | undefined) =>
    ids?.flatMap((id) => store.labels.get(id) ?? []).map(views.label) ?? null
  const state = (id: string | undefined) => (id === undefined ? null : views.state(known(store.states, id)))
  const team = (id: string | undefined) => (id === undefined ? null : views.team(known(store.teams, id)))
  return {
    ...changeable,
    ...entry,
    get issue() {
      return views.issue(known(store.issues, entry.issueId))
    },
    get actor() {
      return views.userById(entry.actorId)
    },
    get addedLabels() {
      return labels(entry.addedLabelIds)
    },
    get removedLabels() {
      return labels(entry.removedLabelIds)
    },
    get fromState() {
      return state(entry.fromStateId)
    },
    get toState() {
      return state(entry.toStateId)
    },
    get fromTeam() {
      return team(entry.fromTeamId)
    },
    get toTeam() {
      return team(entry.toTeamId)
    },
    get fromAssignee() {
      return views.userById(entry.fromAssigneeId)
    },
    get toAssignee() {
      return views.userById(entry.toAssigneeId)
    }
  }
}
