interface Row {
  readonly id: string
  readonly createdAt: string
  updatedAt: string
  archivedAt: string | null
}

export interface Organization extends Row {
  readonly name: string
  readonly urlKey: string
}

export interface User extends Row {
  readonly name: string
  readonly email: string
  readonly app: boolean
}

export interface Team extends Row {
  readonly key: string
  readonly name: string
}

export interface WorkflowState extends Row {
  readonly teamId: string
  readonly name: string
  readonly type: string
  readonly position: number
  readonly color: string
}

export interface IssueLabel extends Row {
  readonly teamId: string | null
  readonly name: string
  readonly color: string
  readonly description: string | null
  readonly creatorId: string | null
  /** Of a group: whether issues may have one or several of its labels; null: it is no group. */
  readonly groupType: "singleSelect" | "multiSelect" | null
  parentId: string | null
  retiredAt: string | null
}

export interface Issue extends Row {
  teamId: string
  number: number
  previousIdentifiers: ReadonlyArray<string>
  title: string
  description: string | null
  priority: number
  estimate: number | null
  stateId: string
  labelIds: ReadonlyArray<string>
  assigneeId: string | null
  readonly parentId: string | null
  readonly creatorId: string
  startedAt: string | null
  completedAt: string | null
  canceledAt: string | null
  trashed: boolean | null
}

export interface Comment extends Row {
  readonly issueId: string
  readonly parentId: string | null
  readonly userId: string | null
  readonly bot: string | null
  body: string
  editedAt: string | null
}

export interface IssueRelation extends Row {
  readonly type: string
  readonly issueId: string
  readonly relatedIssueId: string
}

export interface Attachment extends Row {
  readonly issueId: string
  readonly url: string
  readonly creatorId: string
  title: string
  subtitle: string | null
  metadata: Readonly<Record<string, unknown>>
}

export interface Webhook extends Row {
  readonly url: string
  readonly label: string | null
  readonly secret: string
  readonly resourceTypes: ReadonlyArray<string>
  readonly allPublicTeams: boolean
  readonly creatorId: string
  enabled: boolean
}

export interface IssueHistory extends Row {
  readonly issueId: string
  readonly actorId: string
  readonly addedLabelIds?: ReadonlyArray<string>
  readonly removedLabelIds?: ReadonlyArray<string>
  readonly fromStateId?: string
  readonly toStateId?: string
  readonly fromTeamId?: string
  readonly toTeamId?: string
  readonly fromTitle?: string
  readonly toTitle?: string
  readonly fromPriority?: number
  readonly toPriority?: number
  readonly fromAssigneeId?: string | null
  readonly toAssigneeId?: string | null
  readonly fromEstimate?: number | null
  readonly toEstimate?: number | null
  readonly updatedDescription?: boolean
  readonly archived?: boolean
  readonly trashed?: boolean
}
