import type { Control } from "../Upstream.ts"
import type { BudgetChange } from "./Budget.ts"
import { apply, check, type Actor } from "./changes.ts"
import type { Issue } from "./entities.ts"
import {
  addComment,
  addIssue,
  addRelation,
  archiveIssue,
  ensureLabel,
  groupNamed,
  issueNamed,
  removeIssue,
  stateNamed,
  teamNamed,
  type CommentDraft,
  type IssueDraft
} from "./seed.ts"
import { findIssue, identifierOf, known, type Store } from "./Store.ts"

/** An issue as a test or a person wants to see it: names, not ids. Times are ISO 8601. */
export interface IssueSummary {
  readonly id: string
  readonly identifier: string
  readonly title: string
  readonly team: string
  readonly priority: number
  readonly state: { readonly name: string; readonly type: string }
  readonly labels: ReadonlyArray<string>
  readonly blockedBy: ReadonlyArray<string>
  readonly comments: ReadonlyArray<{
    readonly id: string
    readonly body: string
    readonly userId: string | null
    readonly parentId: string | null
    readonly createdAt: string
  }>
  readonly attachments: ReadonlyArray<{ readonly title: string; readonly url: string }>
  readonly archived: boolean
  readonly trashed: boolean
  readonly createdAt: string
  readonly updatedAt: string
}

/** Actions of people in Linear; an unknown identifier, team or state throws. */
export interface LinearControl extends Control {
  createIssue(draft: IssueDraft): string
  setLabels(identifier: string, names: ReadonlyArray<string>): void
  setState(identifier: string, nameOrType: string): void
  setPriority(identifier: string, priority: number): void
  block(identifier: string, by: string): void
  moveIssue(identifier: string, team: string): string
  archiveIssue(identifier: string): void
  trashIssue(identifier: string): void
  deleteIssue(identifier: string): void
  deleteLabel(name: string, team?: string): void
  /** Puts labels into a group, of which an issue may have one label or, `multiSelect`, several. */
  groupLabels(group: string, names: ReadonlyArray<string>, type?: "singleSelect" | "multiSelect"): void
  restoreLabels(names: ReadonlyArray<string>): void
  retireLabel(name: string): void
  /** Answers show null for a field of the issue; null: they show all of it again. */
  hideField(identifier: string, field: string | null): void
  comment(draft: CommentDraft): string
  issueByIdentifier(identifier: string): IssueSummary | undefined
  issues(): ReadonlyArray<IssueSummary>
  setBudget(change: BudgetChange): void
}

const summarize = (store: Store, issue: Issue): IssueSummary => {
  const { name, type } = known(store.states, issue.stateId)
  return {
    id: issue.id,
    identifier: identifierOf(store, issue),
    title: issue.title,
    team: known(store.teams, issue.teamId).key,
    priority: issue.priority,
    state: { name, type },
    labels: issue.labelIds.map((id) => known(store.labels, id).name).toSorted(),
    blockedBy: [...store.relations.values()]
      .filter((relation) => relation.type === "blocks" && relation.relatedIssueId === issue.id)
      .map(({ issueId }) => identifierOf(store, known(store.issues, issueId))),
    comments: [...store.comments.values()]
      .filter(({ issueId }) => issueId === issue.id)
      .map(({ id, body, userId, parentId, createdAt }) => ({ id, body, userId, parentId, createdAt })),
    attachments: [...store.attachments.values()]
      .filter(({ issueId }) => issueId === issue.id)
      .map(({ title, url }) => ({ title, url })),
    archived: issue.archivedAt !== null,
    trashed: issue.trashed === true,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt
  }
}

export const makeControl = (
  common: Control,
  act: () => Actor,
  setBudget: LinearControl["setBudget"]
): LinearControl => {
  const on = <A>(identifier: string, use: (actor: Actor, issue: Issue) => A): A => {
    const actor = act()
    return use(actor, issueNamed(actor.store, identifier))
  }
  const change = (actor: Actor, issue: Issue, wanted: Parameters<typeof apply>[2]): void => {
    check(actor.store, issue, wanted)
    apply(actor, issue, wanted)
  }
  const labelsNamed = (names: ReadonlyArray<string>) => {
    const { now, store } = act()
    const [team] = store.teams.values()
    return names.flatMap((name) => {
      const found = [...store.labels.values()].filter((label) => label.name === name)
      return found.length > 0 || team === undefined ? found : [ensureLabel(store, now, team.id, name)]
    })
  }
  return {
    ...common,
    createIssue: (draft) => {
      const actor = act()
      return identifierOf(actor.store, addIssue(actor, draft))
    },
    setLabels: (identifier, names) =>
      on(identifier, (actor, issue) => {
        const { store, now } = actor
        change(actor, issue, {
          labelIds: names.map((name) => ensureLabel(store, now, issue.teamId, name).id)
        })
      }),
    setState: (identifier, nameOrType) =>
      on(identifier, (actor, issue) =>
        change(actor, issue, { stateId: stateNamed(actor.store, issue.teamId, nameOrType).id })
      ),
    setPriority: (identifier, priority) =>
      on(identifier, (actor, issue) => change(actor, issue, { priority })),
    block: (identifier, by) =>
      on(identifier, ({ store, now }, issue) => addRelation(store, now, issueNamed(store, by), issue)),
    moveIssue: (identifier, team) =>
      on(identifier, (actor, issue) => {
        change(actor, issue, { teamId: teamNamed(actor.store, team).id })
        return identifierOf(actor.store, issue)
      }),
    archiveIssue: (identifier) => on(identifier, (actor, issue) => archiveIssue(actor, issue, false)),
    trashIssue: (identifier) => on(identifier, (actor, issue) => archiveIssue(actor, issue, true)),
    deleteIssue: (identifier) => on(identifier, removeIssue),
    deleteLabel: (name, team) => {
      const { store } = act()
      const teamId = team === undefined ? null : teamNamed(store, team).id
      for (const label of store.labels.values()) {
        if (label.name !== name || label.teamId !== teamId) continue
        for (const issue of store.issues.values()) {
          issue.labelIds = issue.labelIds.filter((id) => id !== label.id)
        }
        store.labels.delete(label.id)
      }
    },
    groupLabels: (group, names, type = "singleSelect") => {
      const labels = labelsNamed(names)
      const { id } = groupNamed(act(), group, type, labels[0])
      for (const label of labels) label.parentId = id
    },
    restoreLabels: (names) => {
      for (const label of labelsNamed(names)) Object.assign(label, { parentId: null, retiredAt: null })
    },
    retireLabel: (name) => {
      const { now } = act()
      for (const label of labelsNamed([name])) label.retiredAt = now
    },
    hideField: (identifier, field) =>
      on(identifier, ({ store }, { id }) => {
        if (field === null) store.hidden.delete(id)
        else store.hidden.set(id, field)
      }),
    comment: (draft) => addComment(act(), draft).id,
    issueByIdentifier: (identifier) => {
      const { store } = act()
      const issue = findIssue(store, identifier)
      return issue === undefined ? undefined : summarize(store, issue)
    },
    issues: () => {
      const { store } = act()
      return [...store.issues.values()].map((issue) => summarize(store, issue))
    },
    setBudget
  }
}
