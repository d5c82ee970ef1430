import type { Store } from "../Store.ts"
import type {
  Attachment,
  Comment,
  Issue,
  IssueHistory,
  IssueLabel,
  IssueRelation,
  Team,
  User,
  Webhook,
  WorkflowState
} from "../entities.ts"

/** A row as the schema shows it: one property for each modelled field; a collection is an array of views. */
export type View = object

export interface Views {
  readonly store: Store
  readonly viewerId: string
  readonly organization: () => View
  readonly user: (row: User) => View
  readonly team: (row: Team) => View
  readonly state: (row: WorkflowState) => View
  readonly label: (row: IssueLabel) => View
  readonly issue: (row: Issue) => View
  readonly comment: (row: Comment) => View
  readonly relation: (row: IssueRelation) => View
  readonly attachment: (row: Attachment) => View
  readonly history: (row: IssueHistory) => View
  readonly webhook: (row: Webhook) => View
  readonly userById: (id: string | null | undefined) => View | null
}

export const none = (...names: ReadonlyArray<string>): View =>
  Object.fromEntries(names.map((name) => [name, null]))
