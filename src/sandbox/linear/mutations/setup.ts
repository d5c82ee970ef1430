import type { LinearDocument } from "@linear/sdk"
import type { Target } from "../../Upstream/Webhooks.ts"
import type { Actor } from "../changes.ts"
import { archiveIssue, putIssue, stateNamed } from "../seed.ts"
import { invalid, notFound } from "../errors.ts"
import { findIssue, findTeam, fresh, nextNumber, put } from "../Store.ts"
import type { Views } from "../views/View.ts"
import { modelled, ownId } from "./inputs.ts"

/** What a service does to set itself up: its webhook, and a first issue. */
export const setupMutations = (actor: Actor, look: () => Views, target: (to: Target) => void) => {
  const { store, now, userId } = actor

  return {
    webhookCreate: ({ input }: LinearDocument.MutationWebhookCreateArgs) => {
      modelled(input, "allPublicTeams", "enabled", "id", "label", "resourceTypes", "secret", "url")
      const { allPublicTeams, resourceTypes, secret, url } = input
      if (!URL.canParse(url)) throw invalid("url must be a URL address.")
      if (resourceTypes.length === 0) throw invalid("resourceTypes should not be empty.")
      if (allPublicTeams !== true) throw invalid("teamId must not be empty.")
      if ([...store.webhooks.values()].some((webhook) => webhook.url === url))
        throw invalid("A webhook with this url already exists.", "url not unique")
      const webhook = put(store.webhooks, {
        ...fresh(ownId(store, "Webhook", input.id), now),
        url,
        label: input.label ?? null,
        secret: secret ?? "a-secret-of-linear",
        resourceTypes,
        allPublicTeams,
        creatorId: userId,
        enabled: input.enabled ?? true
      })
      target({ url, secret: webhook.secret })
      return { success: true, lastSyncId: store.nextSyncId(), webhook: look().webhook(webhook) }
    },

    issueCreate: ({ input }: LinearDocument.MutationIssueCreateArgs) => {
      modelled(input, "description", "id", "labelIds", "priority", "stateId", "teamId", "title")
      const title = input.title?.trim() ?? ""
      const team = findTeam(store, input.teamId)
      if (team === undefined) throw notFound("Team")
      if (title === "") throw invalid("title must not be empty.")
      for (const id of input.labelIds ?? []) if (!store.labels.has(id)) throw notFound("IssueLabel")
      const issue = putIssue(actor, {
        ...fresh(ownId(store, "Issue", input.id), now),
        teamId: team.id,
        number: nextNumber(store, team.id),
        previousIdentifiers: [],
        title,
        description: input.description ?? null,
        priority: input.priority ?? 0,
        estimate: null,
        stateId: input.stateId ?? stateNamed(store, team.id, "backlog").id,
        labelIds: input.labelIds ?? [],
        assigneeId: null,
        parentId: null,
        creatorId: userId,
        startedAt: null,
        completedAt: null,
        canceledAt: null,
        trashed: null
      })
      return { success: true, lastSyncId: store.nextSyncId(), issue: look().issue(issue) }
    },

    issueDelete: ({ id, permanentlyDelete }: LinearDocument.MutationIssueDeleteArgs) => {
      if (permanentlyDelete === true) throw invalid("permanentlyDelete is for administrators.")
      const issue = findIssue(store, id)
      if (issue === undefined) throw notFound("Issue")
      archiveIssue(actor, issue, true)
      return { success: true, lastSyncId: store.nextSyncId(), entity: look().issue(issue) }
    }
  }
}
