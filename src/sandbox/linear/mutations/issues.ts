import type { LinearDocument } from "@linear/sdk"
import { apply, check, type Actor, type Change } from "../changes.ts"
import type { Issue } from "../entities.ts"
import { invalid, notFound } from "../errors.ts"
import { findIssue, fresh, put, ungrouped } from "../Store.ts"
import type { Views } from "../views/View.ts"
import { modelled, ownId } from "./inputs.ts"

const maxBatch = 50

const toChange = (issue: Issue, input: LinearDocument.IssueUpdateInput): Change => {
  const { labelIds, addedLabelIds, removedLabelIds, title, priority, stateId, teamId } = input
  modelled(
    input,
    "addedLabelIds",
    "assigneeId",
    "description",
    "estimate",
    "labelIds",
    "priority",
    "removedLabelIds",
    "stateId",
    "teamId",
    "title"
  )
  if (title?.trim() === "") throw invalid("title must not be empty.")
  if (priority != null && (priority < 0 || priority > 4)) throw invalid("priority must be between 0 and 4.")
  const labels = new Set(labelIds ?? issue.labelIds)
    .union(new Set(addedLabelIds ?? []))
    .difference(new Set(removedLabelIds ?? []))
  const relabels = labelIds != null || addedLabelIds != null || removedLabelIds != null
  return {
    ...(title != null && { title }),
    ...(priority != null && { priority }),
    ...(stateId != null && { stateId }),
    ...(teamId != null && { teamId }),
    ...(input.description !== undefined && { description: input.description }),
    ...(input.estimate !== undefined && { estimate: input.estimate }),
    ...(input.assigneeId !== undefined && { assigneeId: input.assigneeId }),
    ...(relabels && { labelIds: [...labels] })
  }
}

export const issueMutations = (actor: Actor, look: () => Views) => {
  const { store, now, userId } = actor

  const plan = (id: string, input: LinearDocument.IssueUpdateInput) => {
    const issue = findIssue(store, id)
    if (issue === undefined) throw notFound("Issue")
    for (const labelId of input.removedLabelIds ?? []) {
      if (!store.labels.has(labelId)) throw notFound("IssueLabel")
    }
    const change = toChange(issue, input)
    check(store, issue, change)
    return { issue, change }
  }

  return {
    issueUpdate: ({ id, input }: LinearDocument.MutationIssueUpdateArgs) => {
      const { issue, change } = plan(id, input)
      apply(actor, issue, change)
      return { success: true, lastSyncId: store.nextSyncId(), issue: look().issue(issue) }
    },

    issueBatchUpdate: ({ ids, input }: LinearDocument.MutationIssueBatchUpdateArgs) => {
      if (ids.length > maxBatch) throw invalid(`ids must contain no more than ${maxBatch} elements.`)
      const plans = ids.map((id: string) => plan(id, input))
      for (const { issue, change } of plans) apply(actor, issue, change)
      return {
        success: true,
        lastSyncId: store.nextSyncId(),
        issues: plans.map(({ issue }) => look().issue(issue))
      }
    },

    issueLabelCreate: ({ input }: LinearDocument.MutationIssueLabelCreateArgs) => {
      modelled(input, "color", "description", "id", "name", "teamId")
      const name = input.name.trim()
      const teamId = input.teamId ?? null
      if (name === "") throw invalid("name must not be empty.")
      if (teamId !== null && !store.teams.has(teamId)) throw notFound("Team")
      const taken = [...store.labels.values()].some(
        (label) =>
          label.name.toLowerCase() === name.toLowerCase() &&
          (teamId === null || label.teamId === null || label.teamId === teamId)
      )
      if (taken) throw invalid(`A label with the name "${name}" already exists.`, "duplicate label name")
      const label = put(store.labels, {
        ...fresh(ownId(store, "IssueLabel", input.id), now),
        name,
        teamId,
        color: input.color ?? "#bec2c8",
        description: input.description ?? null,
        creatorId: userId,
        ...ungrouped
      })
      return { success: true, lastSyncId: store.nextSyncId(), issueLabel: look().label(label) }
    }
  }
}
