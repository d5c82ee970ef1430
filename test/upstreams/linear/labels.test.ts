import { assert } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { labels } from "../../../src/domain/Labels.ts"
import { Tracker } from "../../../src/upstreams/Tracker.ts"
import { live, LocalLinear, pickup, reasonOf } from "../../support/linearClient.ts"
import { StoredIssueId, TeamKey } from "../../../src/domain/Ids.ts"

const { working, planning, planApproved } = labels

const start = Effect.gen(function* () {
  const tracker = yield* Tracker
  const { control, store } = yield* LocalLinear
  const create = (team: string, more: object = {}) =>
    tracker.get(control.createIssue({ team, title: "Search", labels: [pickup], ...more }))
  const change = Effect.fnUntraced(function* (
    issue: { readonly id: string; readonly team: { readonly id: string } },
    wanted: object
  ) {
    control.resetCalls()
    const after = yield* tracker.change({
      issueId: StoredIssueId.make(issue.id),
      teamId: issue.team.id,
      add: [],
      remove: [],
      start: false,
      ...wanted
    })
    return { after, requests: control.calls().length }
  })
  const page = Effect.suspend(() => {
    control.resetCalls()
    return tracker.page({ pickupLabel: pickup, first: 50, after: null, tracked: [] })
  })
  const labelsOf = (identifier: string) => control.issueByIdentifier(identifier)?.labels ?? []
  return { tracker, control, store, create, change, page, labelsOf }
})

live(
  "in the steady state labels and state cost one read and one mutation, and nothing to do one read",
  Effect.gen(function* () {
    const { control, create, change, labelsOf } = yield* start
    const first = yield* create("ENG")
    assert.deepStrictEqual((yield* change(first, { add: [working] })).requests, 3)
    const second = yield* create("ENG")
    const announced = yield* change(second, { add: [working], remove: [planning], start: true })
    assert.deepStrictEqual(announced, { after: [pickup, working], requests: 2 })
    assert.strictEqual(control.issueByIdentifier(second.identifier)?.state.name, "In Progress")
    assert.deepStrictEqual(yield* change(second, { add: [working], start: true }), {
      after: [pickup, working],
      requests: 1
    })
    assert.deepStrictEqual((yield* change(second, { remove: [working] })).requests, 2)
    assert.deepStrictEqual(labelsOf(second.identifier), [pickup])
  })
)

live(
  "a team's own label is taken before the workspace's, whatever its case, and shown by our name",
  Effect.gen(function* () {
    const { create, change, page, labelsOf } = yield* start
    const issue = yield* create("OPS")
    assert.deepStrictEqual((yield* change(issue, { add: [working] })).after, [pickup, working])
    assert.deepStrictEqual(labelsOf(issue.identifier), [pickup, "ai-working"])
    const { candidates } = yield* page
    assert.deepStrictEqual(candidates[0]?.labels, [pickup, working])
  })
)

live(
  "a missing label is created once, in the issue's team",
  Effect.gen(function* () {
    const { create, change, store } = yield* start
    const [first, second] = [yield* create("ENG"), yield* create("ENG")]
    yield* Effect.all([change(first, { add: [planning] }), change(second, { add: [planning] })], {
      concurrency: 2
    })
    const made = [...store.labels.values()].filter(({ name }) => name === planning)
    assert.deepStrictEqual(
      made.map(({ teamId }) => teamId),
      [first.team.id]
    )
  })
)

live(
  "a label whose id went stale is found again",
  Effect.gen(function* () {
    const { control, create, change, labelsOf } = yield* start
    const issue = yield* create("ENG")
    yield* change(issue, { add: [working] })
    control.deleteLabel(working, "ENG")
    control.setLabels(issue.identifier, [pickup])
    assert.deepStrictEqual((yield* change(issue, { add: [working] })).after, [pickup, working])
    control.deleteLabel(working, "ENG")
    control.setLabels(issue.identifier, [pickup, working])
    assert.deepStrictEqual((yield* change(issue, { remove: [working] })).after, [pickup])
    assert.deepStrictEqual(labelsOf(issue.identifier), [pickup])
  })
)

live(
  "an issue that was moved gets the labels of the team it is in",
  Effect.gen(function* () {
    const { control, create, change, labelsOf } = yield* start
    yield* change(yield* create("ENG"), { add: [working] })
    const issue = yield* create("ENG")
    const moved = control.moveIssue(issue.identifier, "OPS")
    assert.deepStrictEqual((yield* change(issue, { add: [working] })).after, [pickup, working])
    assert.deepStrictEqual(labelsOf(moved), [pickup, "ai-working"])
  })
)

live(
  "labels are read with the first page only, and again, at once, when an issue has one that was never seen",
  Effect.gen(function* () {
    const { control, create, page } = yield* start
    const issue = yield* create("ENG", { labels: [pickup, "Bug"] })
    yield* page
    yield* page
    const asked = () => control.calls().map(({ operation }) => operation?.includes("issueLabels"))
    assert.deepStrictEqual(asked(), [false])
    control.setLabels(issue.identifier, [pickup, "Bug", planApproved])
    const { candidates } = yield* page
    assert.deepStrictEqual(asked(), [false, true])
    assert.sameMembers([...(candidates[0]?.labels ?? [])], [pickup, planApproved])
    yield* page
    assert.deepStrictEqual(asked(), [false])
  })
)

live(
  "labels that never come to an end are refused after a hundred pages, and those known before stay known",
  Effect.gen(function* () {
    const { control, create, tracker, page } = yield* start
    const issue = yield* create("ENG", { labels: [pickup, working] })
    yield* page
    const pageInfo = { hasNextPage: true, endCursor: "further" }
    control.failNext({
      match: "issueLabels",
      times: Infinity,
      action: { _tag: "status", status: 200, body: { data: { labels: { nodes: [], pageInfo } } } }
    })
    control.setLabels(issue.identifier, [pickup, working, planApproved])
    control.resetCalls()
    const refused = yield* Effect.flip(page)
    assert.strictEqual(refused.reason._tag, "Malformed")
    assert.include(refused.message, "more than 100 pages of labels")
    assert.lengthOf(
      control.calls().filter(({ operation }) => operation?.includes("issueLabels")),
      100
    )
    control.setLabels(issue.identifier, [pickup, working])
    assert.deepStrictEqual((yield* tracker.get(issue.id)).labels, [pickup, working])
    control.clearFaults()
    control.setLabels(issue.identifier, [pickup, planApproved])
    assert.deepStrictEqual((yield* tracker.get(issue.id)).labels, [pickup, planApproved])
  })
)

live(
  "a label that cannot be created fails the change with the reason",
  Effect.gen(function* () {
    const { control, tracker, create } = yield* start
    const issue = yield* create("ENG")
    const body = {
      errors: [
        {
          message: "Forbidden",
          extensions: {
            type: "forbidden",
            userError: true,
            userPresentableMessage: "Only admins create labels."
          }
        }
      ]
    }
    control.failNext({ match: "issueLabelCreate", times: 9, action: { _tag: "status", status: 200, body } })
    const change = { issueId: issue.id, teamId: issue.team.id, add: [working], remove: [], start: false }
    const reason = yield* reasonOf(tracker.change(change))
    assert.strictEqual(reason._tag, "Rejected")
    const { message } = yield* Effect.flip(tracker.change(change))
    assert.include(
      message,
      "Linear refused to create the label AI-Working: the user of LINEAR_API_KEY may not do that. Nothing was changed."
    )
  })
)

live(
  "a change that an exclusive group of labels refuses is done in parts, as far as it goes",
  Effect.gen(function* () {
    const { control, create, change, labelsOf } = yield* start
    const issue = yield* create("ENG")
    yield* change(issue, { add: [planApproved] })
    control.groupLabels("Stage", [pickup, working])
    const refused = yield* reasonOf(
      change(issue, { add: [working, planning], remove: [planApproved], start: true })
    )
    assert.strictEqual(refused._tag, "Rejected")
    assert.deepStrictEqual(labelsOf(issue.identifier), [pickup, planning])
    assert.strictEqual(control.issueByIdentifier(issue.identifier)?.state.name, "In Progress")
    control.restoreLabels([working])
    assert.deepStrictEqual((yield* change(issue, { add: [working] })).after, [pickup, working, planning])
  })
)

live(
  "the labels of a team say whether they are in an exclusive group, retired or groups",
  Effect.gen(function* () {
    const { control, create, tracker } = yield* start
    yield* create("ENG")
    control.groupLabels("Stage", [working])
    control.groupLabels("Marks", [planning], "multiSelect")
    control.retireLabel(planApproved)
    const found = yield* tracker.labels(TeamKey.make("ENG"), Duration.zero)
    const of = (name: string) => found.find((label) => label.name === name)
    assert.deepInclude(of(working), { exclusiveGroup: "Stage", retired: false, isGroup: false })
    assert.deepInclude(of(planning), { exclusiveGroup: null })
    assert.deepInclude(of(planApproved), { retired: true })
    assert.strictEqual(
      (yield* reasonOf(
        tracker.change({
          issueId: (yield* create("ENG")).id,
          teamId: (yield* create("ENG")).team.id,
          add: [planApproved],
          remove: [],
          start: false
        })
      ))._tag,
      "Rejected"
    )
  })
)
