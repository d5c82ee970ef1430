import { assert, describe, it } from "@effect/vitest"
import { LinearClient } from "@linear/sdk"
import * as Effect from "effect/Effect"
import { make } from "../../src/sandbox/Linear.ts"
import { automationUserId, workspace } from "../../src/sandbox/linear/workspace.ts"

const start = Effect.gen(function* () {
  const { url, control } = yield* make({
    apiKeys: [{ key: "lin_api_test", userId: automationUserId }],
    seed: workspace
  })
  return { control, client: new LinearClient({ apiKey: "lin_api_test", apiUrl: url }) }
})

describe("the SDK's own documents against the local Linear", () => {
  it.effect("reads issues and follows their relations", () =>
    Effect.gen(function* () {
      const { client, control } = yield* start
      const page = yield* Effect.promise(() =>
        client.issues({ first: 3, filter: { labels: { some: { name: { eq: "AI-Implement" } } } } })
      )
      assert.deepStrictEqual(
        page.nodes.map(({ identifier }) => identifier),
        ["OLD-1", "OPS-11", "OPS-9"]
      )
      const next = yield* Effect.promise(() => page.fetchNext())
      assert.strictEqual(next.nodes.length, 6)

      const issue = yield* Effect.promise(() => client.issue("OPS-11"))
      const [state, labels, relations, comments, history, me] = yield* Effect.promise(() =>
        Promise.all([
          issue.state,
          issue.labels(),
          issue.inverseRelations(),
          issue.comments(),
          issue.history(),
          client.viewer
        ])
      )
      assert.strictEqual(state?.type, "backlog")
      assert.deepStrictEqual(
        labels.nodes.map(({ name }) => name),
        ["AI-Implement"]
      )
      const blocker = yield* Effect.promise(async () => relations.nodes[0]?.issue)
      assert.strictEqual(blocker?.identifier, "OPS-10")
      assert.strictEqual(comments.nodes.length + history.nodes.length, 0)
      assert.strictEqual(me.id, automationUserId)
      assert.deepStrictEqual(control.violations(), [])
    })
  )

  it.effect("writes issues, labels, comments and attachments", () =>
    Effect.gen(function* () {
      const { client, control } = yield* start
      const labels = yield* Effect.promise(() => client.issueLabels({ filter: { name: { eq: "Bug" } } }))
      const states = yield* Effect.promise(() =>
        client.workflowStates({ filter: { team: { key: { eq: "ENG" } }, type: { eq: "started" } } })
      )
      assert.deepStrictEqual(states.nodes.map(({ name }) => name).sort(), ["In Progress", "In Review"])
      assert.strictEqual(labels.nodes.length, 2)
      const issue = yield* Effect.promise(() => client.issue("ENG-42"))
      const created = yield* Effect.promise(() =>
        client.createIssueLabel({ name: "AI-Planning", teamId: issue.teamId ?? "" })
      )
      yield* Effect.promise(() =>
        client.updateIssue(issue.id, { addedLabelIds: [created.issueLabelId ?? ""] })
      )
      const comment = yield* Effect.promise(() => client.createComment({ issueId: issue.id, body: "Begun" }))
      yield* Effect.promise(() => client.updateComment(comment.commentId ?? "", { body: "Continuing" }))
      yield* Effect.promise(() =>
        client.createAttachment({
          issueId: issue.id,
          title: "Pull request",
          url: "https://github.test/pull/7"
        })
      )
      const seen = control.issueByIdentifier("ENG-42")
      assert.deepStrictEqual(seen?.labels, ["AI-Implement", "AI-Planning", "Feature"])
      assert.deepStrictEqual(
        seen?.comments.map(({ body }) => body),
        ["Continuing"]
      )
      assert.strictEqual(seen?.attachments.length, 1)
      assert.deepStrictEqual(control.violations(), [])
    })
  )
})
