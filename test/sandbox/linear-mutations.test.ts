import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import { automationUserId } from "../../src/sandbox/linear/workspace.ts"
import { findTeam, labelNamed, statesOf } from "../../src/sandbox/linear/Store.ts"
import { Nodes, start } from "../support/linearSandbox.ts"

const setUp = Effect.gen(function* () {
  const linear = yield* start()
  const team = (key: string) => findTeam(linear.store, key)?.id ?? ""
  return {
    ...linear,
    team,
    issueId: (identifier: string) => linear.control.issueByIdentifier(identifier)?.id ?? "",
    labelId: (key: string, name: string) => labelNamed(linear.store, team(key), name)?.id ?? "",
    stateId: (key: string, name: string) =>
      statesOf(linear.store, team(key)).find((state) => state.name === name)?.id ?? ""
  }
})

const update = `mutation Write($id: String!, $input: IssueUpdateInput!) {
  issueUpdate(id: $id, input: $input) { success issue { updatedAt labelIds state { type } } }
}`
const Updated = Schema.Struct({
  issueUpdate: Schema.Struct({
    success: Schema.Boolean,
    issue: Schema.Struct({ updatedAt: Schema.String, state: Schema.Struct({ type: Schema.String }) })
  })
})

const comment = `mutation Say($input: CommentCreateInput!) {
  commentCreate(input: $input) { success comment { id body issue { identifier } user { id isMe } } }
}`
const commentId = "6f0b8a3e-4a51-4b7e-9a3b-2f0a4c1d9e77"

describe("mutations of the local Linear", () => {
  it.effect("changes labels and state in one mutation and keeps the history", () =>
    Effect.gen(function* () {
      const linear = yield* setUp
      yield* TestClock.adjust("1 hour")
      const { issueUpdate } = yield* linear.ask(Updated)(update, {
        id: linear.issueId("ENG-44"),
        input: {
          addedLabelIds: [linear.labelId("ENG", "Bug")],
          removedLabelIds: [linear.labelId("ENG", "AI-Working")],
          stateId: linear.stateId("ENG", "Done")
        }
      })
      assert.isTrue(issueUpdate.success)
      assert.strictEqual(issueUpdate.issue.state.type, "completed")
      assert.strictEqual(issueUpdate.issue.updatedAt, "1970-01-01T01:00:00.000Z")
      const after = linear.control.issueByIdentifier("ENG-44")
      assert.deepStrictEqual(after?.labels, ["AI-Implement", "Bug"])
      assert.deepStrictEqual(after?.state, { name: "Done", type: "completed" })

      const History = Schema.Struct({
        issue: Schema.Struct({
          completedAt: Schema.String,
          history: Nodes(
            Schema.Struct({
              actorId: Schema.String,
              toState: Schema.NullOr(Schema.Struct({ name: Schema.String })),
              addedLabels: Schema.NullOr(Schema.Array(Schema.Struct({ name: Schema.String })))
            })
          )
        })
      })
      const { issue } = yield* linear.ask(History)(
        `{ issue(id: "ENG-44") { completedAt history { nodes { actorId toState { name } addedLabels { name } } } } }`
      )
      assert.strictEqual(issue.completedAt, "1970-01-01T01:00:00.000Z")
      assert.deepStrictEqual(
        issue.history.nodes
          .flatMap(({ addedLabels, toState }) => addedLabels ?? toState ?? [])
          .map(({ name }) => name)
          .sort(),
        ["Bug", "Done"]
      )
      assert.isTrue(issue.history.nodes.every(({ actorId }) => actorId === automationUserId))
      assert.deepStrictEqual(linear.control.violations(), [])
    })
  )

  it.effect("leaves no trace of a change that changes nothing", () =>
    Effect.gen(function* () {
      const linear = yield* setUp
      const before = linear.control.issueByIdentifier("ENG-44")
      yield* TestClock.adjust("1 hour")
      yield* linear.raw(update, {
        id: "ENG-44",
        input: {
          addedLabelIds: [linear.labelId("ENG", "AI-Working")],
          removedLabelIds: [linear.labelId("ENG", "Bug")],
          stateId: linear.stateId("ENG", "In Progress")
        }
      })
      assert.deepStrictEqual(linear.control.issueByIdentifier("ENG-44"), before)
    })
  )

  it.effect("refuses labels and states that are unknown or belong to another team, and changes nothing", () =>
    Effect.gen(function* () {
      const linear = yield* setUp
      const before = linear.control.issueByIdentifier("ENG-44")
      const cases = [
        [{ addedLabelIds: [commentId] }, "Could not find referenced IssueLabel."],
        [{ removedLabelIds: [commentId] }, "Could not find referenced IssueLabel."],
        [
          { addedLabelIds: [linear.labelId("WEB", "Bug")] },
          "The label 'Bug' is not associated with the same team"
        ],
        [{ stateId: commentId }, "Could not find referenced WorkflowState."],
        [{ stateId: linear.stateId("WEB", "Done") }, "Discrepancy between issue team and state"],
        [
          { title: "Changed", stateId: linear.stateId("OPS", "Done") },
          "Discrepancy between issue team and state"
        ]
      ] as const
      for (const [input, message] of cases) {
        const error = yield* linear.refusal(update, { id: "ENG-44", input })
        assert.strictEqual(error.status, 200)
        assert.strictEqual(error.type, "InvalidInput")
        assert.isTrue(error.errors?.[0]?.userError)
        assert.include(error.message, message)
      }
      assert.deepStrictEqual(linear.control.issueByIdentifier("ENG-44"), before)
      assert.deepStrictEqual(linear.control.violations(), [])
    })
  )

  it.effect("updates a batch of up to 50 issues as a whole or not at all", () =>
    Effect.gen(function* () {
      const linear = yield* setUp
      const batch = `mutation Batch($ids: [UUID!]!, $input: IssueUpdateInput!) { issueBatchUpdate(ids: $ids, input: $input) { success issues { identifier } } }`
      const Batch = Schema.Struct({
        issueBatchUpdate: Schema.Struct({
          issues: Schema.Array(Schema.Struct({ identifier: Schema.String }))
        })
      })
      const input = { priority: 4 }
      const ids = [linear.issueId("ENG-31"), linear.issueId("WEB-12")]
      const { issueBatchUpdate } = yield* linear.ask(Batch)(batch, { ids, input })
      assert.deepStrictEqual(issueBatchUpdate.issues, [{ identifier: "ENG-31" }, { identifier: "WEB-12" }])

      yield* linear.refusal(batch, { ids: [linear.issueId("OPS-7"), commentId], input })
      assert.strictEqual(linear.control.issueByIdentifier("OPS-7")?.priority, 1)
      const many = yield* linear.refusal(batch, { ids: Array.from({ length: 51 }, () => commentId), input })
      assert.include(many.message, "no more than 50")
      assert.deepStrictEqual(linear.control.violations(), [])

      const notUuid = yield* linear.refusal(batch, { ids: ["ENG-31"], input })
      assert.strictEqual(notUuid.status, 400)
      assert.match(linear.control.violations()[0] ?? "", /^BAD_USER_INPUT: .*UUID/)
    })
  )

  it.effect("creates a label once in a team", () =>
    Effect.gen(function* () {
      const linear = yield* setUp
      const create = `mutation Label($input: IssueLabelCreateInput!) { issueLabelCreate(input: $input) { issueLabel { id team { key } } } }`
      const Created = Schema.Struct({
        issueLabelCreate: Schema.Struct({
          issueLabel: Schema.Struct({ id: Schema.String, team: Schema.Struct({ key: Schema.String }) })
        })
      })
      const input = { name: "AI-Working", teamId: linear.team("WEB") }
      const { issueLabelCreate } = yield* linear.ask(Created)(create, { input })
      assert.strictEqual(issueLabelCreate.issueLabel.team.key, "WEB")
      assert.strictEqual(linear.labelId("WEB", "AI-Working"), issueLabelCreate.issueLabel.id)

      const again = yield* linear.refusal(create, { input: { ...input, name: "ai-working" } })
      assert.include(again.message, "already exists")
      const everywhere = yield* linear.refusal(create, { input: { ...input, name: "ai-implement" } })
      assert.include(everywhere.message, "already exists")
      assert.deepStrictEqual(linear.control.violations(), [])
    })
  )

  it.effect("accepts the id of a comment once, even after the comment is deleted", () =>
    Effect.gen(function* () {
      const linear = yield* setUp
      const input = { id: commentId, issueId: linear.issueId("ENG-42"), body: "Started." }
      yield* linear.raw(comment, { input })
      const again = yield* linear.refusal(comment, { input })
      assert.strictEqual(again.status, 200)
      assert.include(again.message, `Entity Comment with id ${commentId} already exists.`)
      const comments = linear.control.issueByIdentifier("ENG-42")?.comments
      assert.deepStrictEqual(
        comments?.map(({ id, body, userId }) => ({ id, body, userId })),
        [{ id: commentId, body: "Started.", userId: automationUserId }]
      )

      yield* linear.raw(`mutation Gone($id: String!) { commentDelete(id: $id) { success entityId } }`, {
        id: commentId
      })
      assert.deepStrictEqual(linear.control.issueByIdentifier("ENG-42")?.comments, [])
      const late = yield* linear.refusal(comment, { input })
      assert.include(late.message, "already exists")
      assert.deepStrictEqual(linear.control.violations(), [])
    })
  )

  it.effect("refuses comments without a body, an issue, or a proper id", () =>
    Effect.gen(function* () {
      const linear = yield* setUp
      const issueId = linear.issueId("ENG-42")
      const cases = [
        [{ issueId }, "body"],
        [{ issueId, body: " " }, "body"],
        [{ body: "x" }, "Issue"],
        [{ issueId, body: "x", id: "42" }, "UUID"],
        [{ issueId, body: "x", parentId: commentId }, "Comment"]
      ] as const
      for (const [input, message] of cases) {
        const error = yield* linear.refusal(comment, { input })
        assert.strictEqual(error.type, "InvalidInput")
        assert.include(error.message, message)
      }
      assert.deepStrictEqual(linear.control.issueByIdentifier("ENG-42")?.comments, [])
    })
  )

  it.effect("changes own comments only, and shows replies under their thread", () =>
    Effect.gen(function* () {
      const linear = yield* setUp
      yield* linear.raw(comment, { input: { id: commentId, issueId: "ENG-42", body: "Which format?" } })
      const reply = linear.control.comment({ issue: "ENG-42", body: "RFC 4180", parentId: commentId })

      const edit = `mutation Edit($id: String!) { commentUpdate(id: $id, input: { body: "Changed" }) { comment { editedAt } } }`
      yield* linear.raw(edit, { id: commentId })
      const foreign = yield* linear.refusal(edit, { id: reply })
      assert.strictEqual(foreign.type, "Forbidden")

      const Thread = Schema.Struct({
        comment: Schema.Struct({
          body: Schema.String,
          children: Nodes(
            Schema.Struct({ body: Schema.String, user: Schema.Struct({ isMe: Schema.Boolean }) })
          )
        })
      })
      const data = yield* linear.ask(Thread)(
        `query Thread($id: String!) { comment(id: $id) { body children { nodes { body user { isMe } } } } }`,
        { id: commentId }
      )
      assert.deepStrictEqual(data.comment, {
        body: "Changed",
        children: { nodes: [{ body: "RFC 4180", user: { isMe: false } }] }
      })
    })
  )

  it.effect("keeps one attachment for an issue and an address", () =>
    Effect.gen(function* () {
      const linear = yield* setUp
      const attach = `mutation Attach($input: AttachmentCreateInput!) { attachmentCreate(input: $input) { attachment { id title } } }`
      const Attached = Schema.Struct({
        attachmentCreate: Schema.Struct({ attachment: Schema.Struct({ id: Schema.String }) })
      })
      const input = { issueId: linear.issueId("ENG-42"), url: "https://github.test/pull/1", title: "Open" }
      const first = yield* linear.ask(Attached)(attach, { input })
      const second = yield* linear.ask(Attached)(attach, { input: { ...input, title: "Merged" } })
      assert.deepStrictEqual(first, second)
      assert.deepStrictEqual(linear.control.issueByIdentifier("ENG-42")?.attachments, [
        { title: "Merged", url: input.url }
      ])
      assert.deepStrictEqual(linear.control.violations(), [])
    })
  )

  it.effect("says so when an input asks for more than it models", () =>
    Effect.gen(function* () {
      const linear = yield* setUp
      const error = yield* linear.refusal(update, {
        id: "ENG-42",
        input: { title: "Changed", trashed: true }
      })
      assert.strictEqual(error.status, 501)
      assert.deepStrictEqual(linear.control.violations(), [
        'The local Linear does not model the input "trashed".'
      ])
      assert.notStrictEqual(linear.control.issueByIdentifier("ENG-42")?.title, "Changed")
    })
  )
})
