import type { Budget } from "./Budget.ts"
import { notFound } from "./errors.ts"
import { findIssue, findTeam } from "./Store.ts"
import type { View, Views } from "./views/View.ts"

interface ById {
  readonly id: string
}

const found = <Row>(entity: string, row: Row | undefined, view: (row: Row) => View): View => {
  if (row === undefined) throw notFound(entity)
  return view(row)
}

/** The modelled fields of `Query`. A list is the whole collection: its connection cuts the page. */
export const queries = (views: Views, budget: Budget, now: number): Readonly<Record<string, unknown>> => {
  const { store } = views
  return {
    viewer: () => views.userById(views.viewerId),
    organization: () => views.organization(),
    users: () => [...store.users.values()].map(views.user),
    user: ({ id }: ById) => found("User", store.users.get(id), views.user),
    teams: () => [...store.teams.values()].map(views.team),
    team: ({ id }: ById) => found("Team", findTeam(store, id), views.team),
    workflowStates: () => [...store.states.values()].map(views.state),
    workflowState: ({ id }: ById) => found("WorkflowState", store.states.get(id), views.state),
    issueLabels: () => [...store.labels.values()].map(views.label),
    issueLabel: ({ id }: ById) => found("IssueLabel", store.labels.get(id), views.label),
    issues: () => [...store.issues.values()].map(views.issue),
    issue: ({ id }: ById) => found("Issue", findIssue(store, id), views.issue),
    comments: () => [...store.comments.values()].map(views.comment),
    comment: ({ id }: Partial<ById>) =>
      found("Comment", id === undefined ? undefined : store.comments.get(id), views.comment),
    webhooks: () => [...store.webhooks.values()].map(views.webhook),
    attachments: () => [...store.attachments.values()].map(views.attachment),
    attachmentsForURL: ({ url }: { readonly url: string }) =>
      [...store.attachments.values()].filter((attachment) => attachment.url === url).map(views.attachment),
    rateLimitStatus: () => {
      const limits = Object.entries(budget.limits(now))
      return {
        identifier: views.viewerId,
        kind: "apiKey",
        limits: limits.map(([type, { limit, remaining, reset }]) => ({
          type,
          requestedAmount: 1,
          allowedAmount: limit,
          period: 3_600_000,
          remainingAmount: remaining,
          reset
        }))
      }
    }
  }
}
