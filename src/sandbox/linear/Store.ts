import * as DateTime from "effect/DateTime"
import type {
  Attachment,
  Comment,
  Issue,
  IssueHistory,
  IssueLabel,
  IssueRelation,
  Organization,
  Team,
  User,
  Webhook,
  WorkflowState
} from "./entities.ts"
import { uuidOf } from "./uuid.ts"

export type Table<Row> = Map<string, Row>

export interface Notice {
  readonly action: "create" | "update" | "remove"
  readonly at: string
  readonly userId: string | null
  readonly entity:
    | { readonly type: "Issue"; readonly row: Issue }
    | { readonly type: "Comment"; readonly row: Comment }
  readonly updatedFrom?: Readonly<Record<string, unknown>>
}

export interface Store {
  readonly organization: Organization
  readonly users: Table<User>
  readonly teams: Table<Team>
  readonly states: Table<WorkflowState>
  readonly labels: Table<IssueLabel>
  readonly issues: Table<Issue>
  readonly comments: Table<Comment>
  readonly relations: Table<IssueRelation>
  readonly attachments: Table<Attachment>
  readonly history: Table<IssueHistory>
  readonly webhooks: Table<Webhook>
  readonly hidden: Map<string, string>
  readonly numbers: Map<string, number>
  /** Every id ever used, because Linear never accepts one again. */
  readonly usedIds: Set<string>
  readonly listeners: Array<(notice: Notice) => void>
  readonly nextId: (kind: string) => string
  readonly nextSyncId: () => number
}

export const makeStore = (organization: Organization): Store => {
  const usedIds = new Set<string>()
  let ids = 0
  let syncId = 0
  return {
    organization,
    users: new Map(),
    teams: new Map(),
    states: new Map(),
    labels: new Map(),
    issues: new Map(),
    comments: new Map(),
    relations: new Map(),
    attachments: new Map(),
    history: new Map(),
    webhooks: new Map(),
    hidden: new Map(),
    numbers: new Map(),
    usedIds,
    listeners: [],
    nextId: (kind) => {
      ids += 1
      const id = uuidOf(`${kind}/${ids}`)
      usedIds.add(id)
      return id
    },
    nextSyncId: () => (syncId += 1)
  }
}

export const emit = (store: Store, notice: Notice): void => {
  for (const listen of store.listeners) listen(notice)
}

export const isoOf = (millis: number): string => DateTime.formatIso(DateTime.makeUnsafe(millis))

export const fresh = (id: string, now: string) => ({ id, createdAt: now, updatedAt: now, archivedAt: null })

export const ungrouped = { groupType: null, parentId: null, retiredAt: null }

export const put = <Row extends { readonly id: string }>(table: Table<Row>, row: Row): Row => {
  table.set(row.id, row)
  return row
}

/** A reference within the workspace: its absence is a defect of the upstream. */
export const known = <Row>(table: Table<Row>, id: string): Row => {
  const row = table.get(id)
  if (row === undefined) throw new Error(`The local workspace lost ${id}.`)
  return row
}

export const identifierOf = (store: Store, issue: Issue): string =>
  `${known(store.teams, issue.teamId).key}-${issue.number}`

export const findTeam = (store: Store, idOrKey: string): Team | undefined =>
  store.teams.get(idOrKey) ?? [...store.teams.values()].find(({ key }) => key === idOrKey.toUpperCase())

export const findIssue = (store: Store, idOrIdentifier: string): Issue | undefined => {
  const identifier = idOrIdentifier.toUpperCase()
  return (
    store.issues.get(idOrIdentifier) ??
    [...store.issues.values()].find(
      (issue) => identifierOf(store, issue) === identifier || issue.previousIdentifiers.includes(identifier)
    )
  )
}

export const statesOf = (store: Store, teamId: string): ReadonlyArray<WorkflowState> =>
  [...store.states.values()]
    .filter((state) => state.teamId === teamId)
    .toSorted((a, b) => a.position - b.position)

/** The label of this name that an issue of the team may have: the team's own before the workspace's. */
export const labelNamed = (store: Store, teamId: string, name: string): IssueLabel | undefined => {
  const named = [...store.labels.values()].filter((label) => label.name.toLowerCase() === name.toLowerCase())
  return named.find((label) => label.teamId === teamId) ?? named.find((label) => label.teamId === null)
}

export const nextNumber = (store: Store, teamId: string): number => {
  const number = store.numbers.get(teamId) ?? 1
  store.numbers.set(teamId, number + 1)
  return number
}
