import type { Issue } from "../entities.ts"
import { identifierOf, known, type Store } from "../Store.ts"
import { none, type View, type Views } from "./View.ts"

export const priorities = ["No priority", "Urgent", "High", "Medium", "Low"]

const absent = none(
  "addedToCycleAt",
  "addedToProjectAt",
  "addedToTeamAt",
  "asksExternalUserRequester",
  "asksRequester",
  "autoArchivedAt",
  "autoClosedAt",
  "botActor",
  "cycle",
  "delegate",
  "dueDate",
  "externalUserCreator",
  "favorite",
  "integrationSourceType",
  "lastAppliedTemplate",
  "project",
  "projectMilestone",
  "recurringIssueTemplate",
  "slaBreachesAt",
  "slaHighRiskAt",
  "slaMediumRiskAt",
  "slaStartedAt",
  "slaType",
  "snoozedBy",
  "snoozedUntilAt",
  "sourceComment",
  "startedTriageAt",
  "subIssueSortOrder",
  "syncedWith",
  "triagedAt"
)

const slug = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")

export const issueUrl = (store: Store, issue: Issue) =>
  `https://linear.app/${store.organization.urlKey}/issue/${identifierOf(store, issue)}/${slug(issue.title)}`

export const issueView = (views: Views, issue: Issue): View => {
  const { store } = views
  const identifier = identifierOf(store, issue)
  const of = <Row extends { readonly issueId: string }>(rows: Map<string, Row>, view: (row: Row) => View) =>
    [...rows.values()].filter(({ issueId }) => issueId === issue.id).map(view)
  return {
    ...absent,
    ...issue,
    identifier,
    url: issueUrl(store, issue),
    branchName: `${identifier.toLowerCase()}-${slug(issue.title)}`,
    priorityLabel: priorities[issue.priority] ?? "No priority",
    prioritySortOrder: issue.priority,
    boardOrder: 0,
    sortOrder: -issue.number,
    customerTicketCount: 0,
    reactionData: {},
    reactions: [],
    inheritsSharedAccess: false,
    sharedAccess: {
      isShared: false,
      sharedWithCount: 0,
      sharedWithUsers: [],
      viewerHasOnlySharedAccess: false,
      disallowedIssueFields: []
    },
    children: [],
    get team() {
      return views.team(known(store.teams, issue.teamId))
    },
    get state() {
      return views.state(known(store.states, issue.stateId))
    },
    get parent() {
      return issue.parentId === null ? null : views.issue(known(store.issues, issue.parentId))
    },
    get assignee() {
      return views.userById(issue.assigneeId)
    },
    get creator() {
      return views.userById(issue.creatorId)
    },
    get labels() {
      return issue.labelIds.map((id) => views.label(known(store.labels, id)))
    },
    get comments() {
      return of(store.comments, views.comment)
    },
    get attachments() {
      return of(store.attachments, views.attachment)
    },
    get history() {
      return of(store.history, views.history)
    },
    get relations() {
      return of(store.relations, views.relation)
    },
    get inverseRelations() {
      return [...store.relations.values()]
        .filter(({ relatedIssueId }) => relatedIssueId === issue.id)
        .map(views.relation)
    },
    get hasBlockedByRelations() {
      return [...store.relations.values()].some(
        ({ type, relatedIssueId }) => type === "blocks" && relatedIssueId === issue.id
      )
    },
    get hasBlockingRelations() {
      return [...store.relations.values()].some(
        ({ type, issueId }) => type === "blocks" && issueId === issue.id
      )
    }
  }
}
