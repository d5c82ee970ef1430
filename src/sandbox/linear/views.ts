import type { Store } from "./Store.ts"
import { issueView } from "./views/Issue.ts"
import { attachmentView, commentView, historyView, relationView } from "./views/ofIssue.ts"
import { labelView, organizationView, stateView, teamView, userView, webhookView } from "./views/workspace.ts"
import type { View, Views } from "./views/View.ts"

const once = <Row extends object>(make: (views: Views, row: Row) => View) => {
  const made = new Map<Row, View>()
  return (views: Views, row: Row): View => {
    const view = made.get(row) ?? make(views, row)
    made.set(row, view)
    return view
  }
}

export const makeViews = (store: Store, viewerId: string): Views => {
  const [user, team, state, label, issue] = [
    once(userView),
    once(teamView),
    once(stateView),
    once(labelView),
    once(issueView)
  ]
  const views: Views = {
    store,
    viewerId,
    organization: () => organizationView(views),
    user: (row) => user(views, row),
    team: (row) => team(views, row),
    state: (row) => state(views, row),
    label: (row) => label(views, row),
    issue: (row) => issue(views, row),
    comment: (row) => commentView(views, row),
    relation: (row) => relationView(views, row),
    attachment: (row) => attachmentView(views, row),
    history: (row) => historyView(views, row),
    webhook: (row) => webhookView(views, row),
    userById: (id) => {
      const row = id == null ? undefined : store.users.get(id)
      return row === undefined ? null : views.user(row)
    }
  }
  return views
}
