import type { Issue, IssueHistory, IssueLabel, WorkflowState } from "./entities.ts"
import { invalid, notFound } from "./errors.ts"
import { fresh, identifierOf, known, nextNumber, put, statesOf, type Store, emit } from "./Store.ts"

export interface Change {
  readonly title?: string
  readonly description?: string | null
  readonly priority?: number
  readonly estimate?: number | null
  readonly assigneeId?: string | null
  readonly stateId?: string
  readonly labelIds?: ReadonlyArray<string>
  readonly teamId?: string
}

export interface Actor {
  readonly store: Store
  readonly now: string
  readonly userId: string
}

type Event = Partial<Omit<IssueHistory, "id" | "issueId" | "actorId" | "createdAt" | "updatedAt">>

export const record = ({ store, now, userId }: Actor, issue: Issue, event: Event): void => {
  issue.updatedAt = now
  put(store.history, {
    ...fresh(store.nextId("IssueHistory"), now),
    ...event,
    issueId: issue.id,
    actorId: userId
  })
}

const addable = ({ groupType, name, retiredAt }: IssueLabel) => {
  if (groupType !== null) {
    throw invalid(`The label '${name}' is a group and cannot be assigned to issues directly.`)
  }
  if (retiredAt !== null) throw invalid(`The label '${name}' is retired.`)
}

export const check = (store: Store, issue: Issue, change: Change): void => {
  const teamId = change.teamId ?? issue.teamId
  if (!store.teams.has(teamId)) throw notFound("Team")
  if (change.assigneeId != null && !store.users.has(change.assigneeId)) throw notFound("User")
  if (change.stateId !== undefined) {
    const state = store.states.get(change.stateId)
    if (state === undefined) throw notFound("WorkflowState")
    if (state.teamId !== teamId) {
      throw invalid(
        "The state, cycle or project does not belong to the issue's team.",
        "Discrepancy between issue team and state, cycle or project"
      )
    }
  }
  const groups = new Set<string>()
  for (const id of change.labelIds ?? []) {
    const label = store.labels.get(id)
    if (label === undefined) throw notFound("IssueLabel")
    if (!issue.labelIds.includes(id)) addable(label)
    const group = label.parentId === null ? undefined : store.labels.get(label.parentId)
    if (group?.groupType === "singleSelect") {
      if (groups.has(group.id)) {
        throw invalid("LabelIds not exclusive child labels", "labelIds not exclusive child labels")
      }
      groups.add(group.id)
    }
    if (label.teamId !== null && label.teamId !== teamId) {
      throw invalid(
        `The label '${label.name}' is not associated with the same team`,
        "LabelIds for incorrect team"
      )
    }
  }
}

const enter = (issue: Issue, type: string, now: string): void => {
  if (type === "started" || type === "completed") issue.startedAt ??= now
  else if (type !== "canceled") issue.startedAt = null
  issue.completedAt = type === "completed" ? (issue.completedAt ?? now) : null
  issue.canceledAt = type === "canceled" ? (issue.canceledAt ?? now) : null
}

const counterpart = (store: Store, state: WorkflowState, teamId: string): string => {
  const states = statesOf(store, teamId)
  const match =
    states.find(({ name, type }) => type === state.type && name === state.name) ??
    states.find(({ type }) => type === state.type) ??
    states[0]
  if (match === undefined) throw new Error(`Team ${teamId} has no state.`)
  return match.id
}

const move = (actor: Actor, issue: Issue, teamId: string): void => {
  const { store } = actor
  const fromTeamId = issue.teamId
  issue.previousIdentifiers = [...issue.previousIdentifiers, identifierOf(store, issue)]
  issue.stateId = counterpart(store, known(store.states, issue.stateId), teamId)
  issue.labelIds = issue.labelIds.filter((id) => known(store.labels, id).teamId === null)
  issue.teamId = teamId
  issue.number = nextNumber(store, teamId)
  record(actor, issue, { fromTeamId, toTeamId: teamId })
}

const reportedFields = [
  "assigneeId",
  "canceledAt",
  "completedAt",
  "description",
  "estimate",
  "labelIds",
  "number",
  "priority",
  "startedAt",
  "stateId",
  "teamId",
  "title"
] as const

export const apply = (actor: Actor, issue: Issue, change: Change): void => {
  const before = { ...issue }
  alter(actor, issue, change)
  const changed = reportedFields.filter((name) => issue[name] !== before[name])
  if (changed.length === 0) return
  const former = Object.fromEntries(changed.map((name) => [name, before[name]]))
  emit(actor.store, {
    action: "update",
    at: actor.now,
    userId: actor.userId,
    entity: { type: "Issue", row: issue },
    updatedFrom: { ...former, updatedAt: before.updatedAt }
  })
}

const alter = (actor: Actor, issue: Issue, change: Change): void => {
  const { store, now } = actor
  if (change.teamId !== undefined && change.teamId !== issue.teamId) move(actor, issue, change.teamId)
  if (change.stateId !== undefined && change.stateId !== issue.stateId) {
    const fromStateId = issue.stateId
    issue.stateId = change.stateId
    enter(issue, known(store.states, change.stateId).type, now)
    record(actor, issue, { fromStateId, toStateId: change.stateId })
  }
  if (change.labelIds !== undefined) relabel(actor, issue, change.labelIds)
  if (change.title !== undefined && change.title !== issue.title) {
    record(actor, issue, { fromTitle: issue.title, toTitle: change.title })
    issue.title = change.title
  }
  if (change.description !== undefined && change.description !== issue.description) {
    record(actor, issue, { updatedDescription: true })
    issue.description = change.description
  }
  if (change.priority !== undefined && change.priority !== issue.priority) {
    record(actor, issue, { fromPriority: issue.priority, toPriority: change.priority })
    issue.priority = change.priority
  }
  if (change.estimate !== undefined && change.estimate !== issue.estimate) {
    record(actor, issue, { fromEstimate: issue.estimate, toEstimate: change.estimate })
    issue.estimate = change.estimate
  }
  if (change.assigneeId !== undefined && change.assigneeId !== issue.assigneeId) {
    record(actor, issue, { fromAssigneeId: issue.assigneeId, toAssigneeId: change.assigneeId })
    issue.assigneeId = change.assigneeId
  }
}

const relabel = (actor: Actor, issue: Issue, labelIds: ReadonlyArray<string>): void => {
  const before = new Set(issue.labelIds)
  const after = new Set(labelIds)
  const addedLabelIds = [...after.difference(before)]
  const removedLabelIds = [...before.difference(after)]
  if (addedLabelIds.length + removedLabelIds.length === 0) return
  issue.labelIds = [...after]
  record(actor, issue, {
    ...(addedLabelIds.length > 0 && { addedLabelIds }),
    ...(removedLabelIds.length > 0 && { removedLabelIds })
  })
}
