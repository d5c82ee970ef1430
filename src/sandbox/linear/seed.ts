import * as DateTime from "effect/DateTime"
import { record, type Actor } from "./changes.ts"
import type { Comment, Issue, IssueLabel, Team } from "./entities.ts"
import {
  findIssue,
  findTeam,
  fresh,
  isoOf,
  known,
  labelNamed,
  makeStore,
  nextNumber,
  put,
  statesOf,
  type Store,
  emit,
  ungrouped
} from "./Store.ts"
import { uuidOf } from "./uuid.ts"

export interface IssueDraft {
  readonly team: string
  readonly title: string
  readonly description?: string
  readonly priority?: number
  readonly labels?: ReadonlyArray<string>
  /** The name of a state, or a type: its first state. Default: the first of type unstarted. */
  readonly state?: string
  readonly blockedBy?: ReadonlyArray<string>
  /** The identifier of the issue that it is a part of. */
  readonly parent?: string
  readonly creator?: string
  readonly minutesAgo?: number
}

export interface CommentDraft {
  readonly issue: string
  readonly body: string
  readonly user?: string
  /** The name of an integration that writes it instead of a user. */
  readonly bot?: string
  readonly parentId?: string
}

export interface Seed {
  readonly organization: { readonly name: string; readonly urlKey: string }
  readonly users: ReadonlyArray<{
    readonly id: string
    readonly name: string
    readonly email: string
    readonly app?: boolean
  }>
  readonly teams: ReadonlyArray<{
    readonly key: string
    readonly name: string
    readonly firstNumber?: number
    readonly labels?: ReadonlyArray<string>
  }>
  readonly labels: ReadonlyArray<string>
  readonly issues: ReadonlyArray<IssueDraft>
}

const states = [
  { name: "Triage", type: "triage", color: "#fc7840" },
  { name: "Backlog", type: "backlog", color: "#bec2c8" },
  { name: "Todo", type: "unstarted", color: "#e2e2e2" },
  { name: "In Progress", type: "started", color: "#f2c94c" },
  { name: "In Review", type: "started", color: "#0f783c" },
  { name: "Done", type: "completed", color: "#5e6ad2" },
  { name: "Canceled", type: "canceled", color: "#95a2b3" }
]

const addLabel = (store: Store, now: string, name: string, teamId: string | null): IssueLabel =>
  put(store.labels, {
    ...fresh(store.nextId("IssueLabel"), now),
    name,
    teamId,
    color: "#bec2c8",
    description: null,
    creatorId: null,
    ...ungrouped
  })

export const groupNamed = (
  { now, store }: Actor,
  name: string,
  groupType: "singleSelect" | "multiSelect",
  beside: IssueLabel | undefined
) => {
  const found = [...store.labels.values()].find((label) => label.name === name && label.groupType !== null)
  const own = () => addLabel(store, now, name, beside?.teamId ?? null)
  return found ?? put(store.labels, { ...own(), groupType })
}

/** The label that an issue of the team may have; made in the team when there is none. */
export const ensureLabel = (store: Store, now: string, teamId: string, name: string): IssueLabel =>
  labelNamed(store, teamId, name) ?? addLabel(store, now, name, teamId)

export const stateNamed = (store: Store, teamId: string, nameOrType: string) => {
  const all = statesOf(store, teamId)
  const state =
    all.find(({ name }) => name.toLowerCase() === nameOrType.toLowerCase()) ??
    all.find(({ type }) => type === nameOrType)
  if (state === undefined) throw new Error(`No state "${nameOrType}" in team ${teamId}.`)
  return state
}

const addTeam = (store: Store, now: string, team: Seed["teams"][number]): Team => {
  const row = put(store.teams, { ...fresh(store.nextId("Team"), now), key: team.key, name: team.name })
  store.numbers.set(row.id, team.firstNumber ?? 1)
  states.forEach((state, position) =>
    put(store.states, { ...fresh(store.nextId("WorkflowState"), now), ...state, position, teamId: row.id })
  )
  for (const name of team.labels ?? []) addLabel(store, now, name, row.id)
  return row
}

export const addRelation = (store: Store, now: string, blocker: Issue, blocked: Issue): void => {
  put(store.relations, {
    ...fresh(store.nextId("IssueRelation"), now),
    type: "blocks",
    issueId: blocker.id,
    relatedIssueId: blocked.id
  })
}

const demand = <A>(value: A | undefined, what: string): A => {
  if (value === undefined) throw new Error(`The local workspace has no ${what}.`)
  return value
}

export const issueNamed = (store: Store, identifier: string): Issue =>
  demand(findIssue(store, identifier), `issue ${identifier}`)

export const teamNamed = (store: Store, key: string): Team => demand(findTeam(store, key), `team ${key}`)

export const putIssue = ({ now, store, userId }: Actor, row: Issue): Issue => {
  const issue = put(store.issues, row)
  emit(store, { action: "create", at: now, userId, entity: { type: "Issue", row: issue } })
  return issue
}

export const addIssue = (actor: Actor, draft: IssueDraft): Issue => {
  const { store, now } = actor
  const team = teamNamed(store, draft.team)
  const state = stateNamed(store, team.id, draft.state ?? "unstarted")
  const started = state.type === "started" || state.type === "completed"
  const issue = putIssue(actor, {
    ...fresh(store.nextId("Issue"), now),
    teamId: team.id,
    number: nextNumber(store, team.id),
    previousIdentifiers: [],
    title: draft.title,
    description: draft.description ?? null,
    priority: draft.priority ?? 0,
    estimate: null,
    stateId: state.id,
    labelIds: (draft.labels ?? []).map((name) => ensureLabel(store, now, team.id, name).id),
    assigneeId: null,
    parentId: draft.parent === undefined ? null : issueNamed(store, draft.parent).id,
    creatorId: draft.creator ?? actor.userId,
    startedAt: started ? now : null,
    completedAt: state.type === "completed" ? now : null,
    canceledAt: state.type === "canceled" ? now : null,
    trashed: null
  })
  for (const identifier of draft.blockedBy ?? []) {
    addRelation(store, now, issueNamed(store, identifier), issue)
  }
  return issue
}

// Two comments never have the same time, so that their order is known.
const timeAfter = (newest: string | undefined, now: string) =>
  newest === undefined || newest < now
    ? now
    : DateTime.formatIso(DateTime.add(DateTime.makeUnsafe(newest), { milliseconds: 1 }))

export const putComment = (store: Store, draft: Comment): Comment => {
  const createdAt = timeAfter([...store.comments.values()].at(-1)?.createdAt, draft.createdAt)
  const comment = put(store.comments, { ...draft, createdAt, updatedAt: createdAt })
  const { userId } = comment
  emit(store, { action: "create", at: createdAt, userId, entity: { type: "Comment", row: comment } })
  return comment
}

export const addComment = ({ store, now, userId }: Actor, draft: CommentDraft): Comment => {
  const { body, bot = null, parentId = null, user } = draft
  const author = user === undefined ? userId : known(store.users, user).id
  return putComment(store, {
    ...fresh(store.nextId("Comment"), now),
    issueId: issueNamed(store, draft.issue).id,
    parentId,
    userId: bot === null ? author : null,
    bot,
    body,
    editedAt: null
  })
}

export const removeIssue = ({ store, now, userId }: Actor, issue: Issue): void => {
  emit(store, { action: "remove", at: now, userId, entity: { type: "Issue", row: issue } })
  store.issues.delete(issue.id)
  for (const table of [store.comments, store.attachments, store.history]) {
    for (const row of table.values()) if (row.issueId === issue.id) table.delete(row.id)
  }
  for (const { id, issueId, relatedIssueId } of store.relations.values()) {
    if (issueId === issue.id || relatedIssueId === issue.id) store.relations.delete(id)
  }
}

export const archiveIssue = (actor: Actor, issue: Issue, trashed: boolean): void => {
  record(actor, issue, trashed ? { trashed: true } : { archived: true })
  const { archivedAt, trashed: wasTrashed, updatedAt } = issue
  issue.archivedAt = actor.now
  issue.trashed = trashed ? true : null
  emit(actor.store, {
    action: trashed ? "remove" : "update",
    at: actor.now,
    userId: actor.userId,
    entity: { type: "Issue", row: issue },
    updatedFrom: { archivedAt, trashed: wasTrashed, updatedAt }
  })
}

export const plant = (seed: Seed, now: number): Store => {
  const store = makeStore({ ...fresh(uuidOf(seed.organization.urlKey), isoOf(now)), ...seed.organization })
  for (const { app = false, ...user } of seed.users) {
    store.usedIds.add(user.id)
    put(store.users, { ...fresh(user.id, isoOf(now)), ...user, app })
  }
  for (const name of seed.labels) addLabel(store, isoOf(now), name, null)
  for (const team of seed.teams) addTeam(store, isoOf(now), team)
  const userId = demand(seed.users[0], "user").id
  for (const draft of seed.issues) {
    addIssue({ store, userId, now: isoOf(now - (draft.minutesAgo ?? 0) * 60_000) }, draft)
  }
  return store
}
