const relations = `
fragment Relations on IssueRelationConnection {
  nodes { type issue { identifier url state { type } } }
  pageInfo { hasNextPage }
}`

const issueFields = `
fragment IssueFields on Issue {
  id identifier title description url priority createdAt updatedAt archivedAt trashed labelIds
  state { id name type }
  team { id key }
  inverseRelations(first: 5) { ...Relations }
}${relations}`

const labelFields = `
fragment Labels on IssueLabelConnection {
  nodes { id name isGroup retiredAt team { id key } parent { name groupType } }
  pageInfo { hasNextPage endCursor }
}`

const labelsRoot = "labels: issueLabels(filter: $labels, first: 250) { ...Labels }"

const trackedRoot = "tracked: issues(filter: $tracked, first: $trackedFirst) { nodes { ...IssueFields } }"

export const page = (roots: { readonly tracked: boolean; readonly labels: boolean }) => `
query Page(
  $filter: IssueFilter!, $first: Int!, $after: String
  ${roots.tracked ? "$tracked: IssueFilter!, $trackedFirst: Int!" : ""}
  ${roots.labels ? "$labels: IssueLabelFilter!" : ""}
) {
  issues(filter: $filter, first: $first, after: $after) {
    nodes { ...IssueFields }
    pageInfo { hasNextPage endCursor }
  }
  ${roots.tracked ? trackedRoot : ""}
  ${roots.labels ? labelsRoot : ""}
}${issueFields}${roots.labels ? labelFields : ""}`

export const issue = (roots: { readonly labels: boolean }) => `
query Issue($id: String!${roots.labels ? ", $labels: IssueLabelFilter!" : ""}) {
  issue(id: $id) { ...IssueFields }
  ${roots.labels ? labelsRoot : ""}
}${issueFields}${roots.labels ? labelFields : ""}`

export const issueState = "query IssueState($id: String!) { issue(id: $id) { archivedAt trashed } }"

export const blockers = `
query Blockers($filter: IssueFilter!, $first: Int!) {
  issues(filter: $filter, first: $first) { nodes { id inverseRelations(first: 50) { ...Relations } } }
}${relations}`

export const labels = `
query Labels($labels: IssueLabelFilter!, $after: String) {
  labels: issueLabels(filter: $labels, first: 250, after: $after) { ...Labels }
}${labelFields}`

export const change = (roots: { readonly start: boolean; readonly labels: boolean }) => `
query Change($id: String!, $ours: IssueLabelFilter!${roots.labels ? ", $labels: IssueLabelFilter!" : ""}) {
  issue(id: $id) {
    trashed
    state { type }
    team { id ${roots.start ? 'states(filter: { type: { eq: "started" } }, first: 50) { nodes { id name position } }' : ""} }
    labels(filter: $ours, first: 50) { nodes { id name } }
  }
  ${roots.labels ? labelsRoot : ""}
}${roots.labels ? labelFields : ""}`

export const update = `
mutation Update($id: String!, $input: IssueUpdateInput!, $ours: IssueLabelFilter!) {
  issueUpdate(id: $id, input: $input) { issue { labels(filter: $ours, first: 50) { nodes { id name } } } }
}`

export const createLabel = `
mutation CreateLabel($input: IssueLabelCreateInput!) {
  issueLabelCreate(input: $input) { issueLabel { id name isGroup retiredAt team { id key } parent { name groupType } } }
}`

export const comment = `
mutation Comment($input: CommentCreateInput!) { commentCreate(input: $input) { success } }`

export const commentById = `
query CommentById($id: String!) { comment(id: $id) { id issue { id } } }`

export const replies = `
query Replies($filter: CommentFilter!) {
  comments(filter: $filter, first: 100) {
    nodes { id parentId body createdAt botActor { id } user { name app } }
  }
}`

export const discussion = `
query Discussion($id: String!) {
  issue(id: $id) {
    parent { identifier title }
    comments(first: 100) { nodes { id body createdAt botActor { id } user { name app } } }
  }
}`

export const probe = "query Probe { viewer { id } }"

export const workspace = `
query Workspace($label: IssueLabelFilter!) {
  viewer { name }
  organization { name urlKey }
  teams(first: 100) { nodes { id key name } }
  labels: issueLabels(filter: $label, first: 250) { ...Labels }
}${labelFields}`

export const webhooks = "query Webhooks { webhooks(first: 50) { nodes { url enabled } } }"

export const createWebhook = `
mutation CreateWebhook($input: WebhookCreateInput!) { webhookCreate(input: $input) { success } }`

export const createIssue = `
mutation CreateIssue($input: IssueCreateInput!) {
  issueCreate(input: $input) { issue { id identifier url } }
}`

export const issueById = "query IssueById($id: String!) { issue(id: $id) { id identifier url } }"

export const removeIssue = `
mutation RemoveIssue($id: String!) { issueDelete(id: $id) { success } }`
