import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { sameLabel } from "../../domain/Labels.ts"
import { StoredIssueId } from "../../domain/Ids.ts"
import { mayBeDone } from "../client/errors.ts"
import { UpstreamText, UpstreamUrl } from "../client/upstreamText.ts"
import type { CreatedIssue, TrackerSetup, Workspace } from "../TrackerSetup.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import type { Ask } from "./client.ts"
import * as documents from "./documents.ts"
import { LabelPage, type Labels, named } from "./labels.ts"

const Nodes = <S extends Schema.Top>(node: S) => Schema.Struct({ nodes: Schema.Array(node) })

const Found = Schema.Struct({
  viewer: Schema.Struct({ name: UpstreamText }),
  organization: Schema.Struct({ name: UpstreamText, urlKey: UpstreamText }),
  teams: Nodes(Schema.Struct({ id: UpstreamText, key: UpstreamText, name: UpstreamText })),
  labels: LabelPage
})

const Hooks = Schema.Struct({
  webhooks: Nodes(Schema.Struct({ url: Schema.NullOr(UpstreamText), enabled: Schema.Boolean }))
})

const Done = Schema.Struct({ success: Schema.Boolean })
const Issue = Schema.Struct({ id: UpstreamText, identifier: UpstreamText, url: UpstreamUrl })

const toIssue = ({ id, identifier, url }: typeof Issue.Type): CreatedIssue => ({
  id: StoredIssueId.make(id),
  identifier,
  url
})

const resourceTypes = ["Issue", "Comment", "IssueLabel"]

const mayNot = ({ reason }: UpstreamError) => reason._tag === "Rejected" || reason._tag === "Unauthorized"

export const makeSetup = (ask: Ask, labels: Labels, pickupLabel: string): TrackerSetup["Service"] => {
  const webhooks = ask({
    name: "webhooks",
    to: "list the webhooks",
    document: documents.webhooks,
    variables: {},
    body: Hooks
  }).pipe(
    Effect.map(({ webhooks }): Workspace["webhooks"] =>
      webhooks.nodes.flatMap(({ enabled, url }) => (url === null ? [] : [{ enabled, url }]))
    ),
    // Only an administrator of the workspace may list them.
    Effect.catchIf(mayNot, () => Effect.succeed(null))
  )

  const workspace = Effect.gen(function* () {
    const {
      labels: found,
      organization,
      teams,
      viewer
    } = yield* ask({
      name: "workspace",
      to: "describe the workspace",
      document: documents.workspace,
      variables: { label: named([pickupLabel]) },
      body: Found
    })
    const same = found.nodes.filter(({ name }) => sameLabel(name, pickupLabel))
    const ofTeams = same.flatMap(({ team }) => (team === null ? [] : [team.id]))
    return {
      name: organization.name,
      viewer: viewer.name,
      apiPage: `https://linear.app/${encodeURIComponent(organization.urlKey)}/settings/api`,
      teams: teams.nodes,
      labelled: same.some(({ team }) => team === null)
        ? null
        : teams.nodes.filter(({ id }) => ofTeams.includes(id)).map(({ key }) => key),
      webhooks: yield* webhooks
    } satisfies Workspace
  }).pipe(Effect.withSpan("Linear.workspace"))

  const createWebhook: TrackerSetup["Service"]["createWebhook"] = Effect.fn("Linear.createWebhook")(
    ({ secret, url }) =>
      ask({
        name: "createWebhook",
        to: "create the webhook",
        unanswered: mayBeDone,
        given: [Redacted.value(secret)],
        document: documents.createWebhook,
        variables: {
          input: {
            url,
            label: "AI-Implement",
            resourceTypes,
            allPublicTeams: true,
            enabled: true,
            secret: Redacted.value(secret)
          }
        },
        body: Schema.Struct({ webhookCreate: Done })
      }).pipe(Effect.asVoid)
  )

  const createLabel: TrackerSetup["Service"]["createLabel"] = Effect.fn("Linear.createLabel")(({
    name,
    teamId
  }) => {
    const call = { name: "createLabel", to: `create the label ${name}` }
    return ask({
      ...call,
      unanswered: mayBeDone,
      document: documents.createLabel,
      variables: { input: { name, teamId } },
      body: Schema.Struct({ issueLabelCreate: Schema.Unknown })
    }).pipe(Effect.andThen(labels.read(call)))
  })

  const labelOf = Effect.fnUntraced(function* (
    call: { readonly name: string; readonly to: string },
    teamId: string
  ): Effect.fn.Return<ReadonlyArray<string>, UpstreamError> {
    yield* labels.read(call)
    const label = labels.find(teamId, pickupLabel)
    return label === undefined ? [] : [label.id]
  })

  const createIssue: TrackerSetup["Service"]["createIssue"] = Effect.fn("Linear.createIssue")(function* ({
    id,
    teamId,
    ...content
  }): Effect.fn.Return<CreatedIssue, UpstreamError> {
    const call = { name: "createIssue", to: "create the test issue", unanswered: mayBeDone }
    const created = ask({
      ...call,
      document: documents.createIssue,
      variables: { input: { id, teamId, ...content, labelIds: yield* labelOf(call, teamId) } },
      body: Schema.Struct({ issueCreate: Schema.Struct({ issue: Issue }) })
    })
    // A repeated call finds what the one before has made.
    return yield* created.pipe(
      Effect.map(({ issueCreate }) => toIssue(issueCreate.issue)),
      Effect.catchIf(mayNot, (refused) =>
        ask({
          ...call,
          document: documents.issueById,
          variables: { id },
          body: Schema.Struct({ issue: Issue })
        }).pipe(
          Effect.map(({ issue }) => toIssue(issue)),
          Effect.mapError(() => refused)
        )
      )
    )
  })

  const removeIssue: TrackerSetup["Service"]["removeIssue"] = Effect.fn("Linear.removeIssue")((id) =>
    ask({
      name: "removeIssue",
      to: "remove the test issue",
      unanswered: mayBeDone,
      document: documents.removeIssue,
      variables: { id },
      body: Schema.Struct({ issueDelete: Done })
    }).pipe(Effect.asVoid)
  )

  return { workspace, createWebhook, createLabel, createIssue, removeIssue }
}
