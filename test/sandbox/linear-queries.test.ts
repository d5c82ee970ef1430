import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import { Identified, Nodes, start } from "../support/linearSandbox.ts"

const passDocument = `query Pass($tracked: [ID!], $names: [String!]) {
  issues(
    filter: { labels: { some: { name: { eqIgnoreCase: "ai-implement" } } }, state: { type: { nin: ["completed", "canceled"] } } }
    first: 50
  ) {
    nodes {
      id identifier title description url priority createdAt updatedAt labelIds
      team { id key }
      state { id name type }
      inverseRelations(first: 5) {
        nodes { type issue { identifier url state { type } } }
        pageInfo { hasNextPage }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
  tracked: issues(filter: { id: { in: $tracked } }) { nodes { identifier state { type } } }
  issueLabels(filter: { name: { in: $names } }) { nodes { id name team { id } } }
}`

const Pass = Schema.Struct({
  issues: Nodes(
    Schema.Struct({
      identifier: Schema.String,
      labelIds: Schema.Array(Schema.String),
      team: Schema.Struct({ key: Schema.String }),
      state: Schema.Struct({ type: Schema.String }),
      inverseRelations: Nodes(
        Schema.Struct({
          type: Schema.String,
          issue: Schema.Struct({ identifier: Schema.String, state: Schema.Struct({ type: Schema.String }) })
        })
      )
    })
  ),
  tracked: Nodes(Identified),
  issueLabels: Nodes(Schema.Struct({ id: Schema.String, name: Schema.String }))
})

const Found = Schema.Struct({ issues: Nodes(Identified) })

describe("queries of the local Linear", () => {
  it.effect("answers the whole document of a pass in one request", () =>
    Effect.gen(function* () {
      const linear = yield* start()
      const known = linear.control.issueByIdentifier("ENG-45")
      const data = yield* linear.ask(Pass)(passDocument, {
        tracked: [known?.id],
        names: ["AI-Implement", "AI-Working"]
      })

      assert.strictEqual(data.issues.nodes.length, 25)
      assert.deepStrictEqual(
        data.issues.nodes.filter(({ state }) => ["completed", "canceled"].includes(state.type)),
        []
      )
      const blocked = data.issues.nodes.find(({ identifier }) => identifier === "ENG-37")
      assert.deepStrictEqual(blocked?.inverseRelations.nodes, [
        { type: "blocks", issue: { identifier: "ENG-36", state: { type: "triage" } } }
      ])
      const pickup = data.issueLabels.nodes.find(({ name }) => name === "AI-Implement")
      assert.isTrue(data.issues.nodes.every(({ labelIds }) => labelIds.includes(pickup?.id ?? "")))
      assert.deepStrictEqual(
        data.tracked.nodes.map(({ identifier }) => identifier),
        ["ENG-45"]
      )
      assert.strictEqual(linear.control.calls().length, 1)
      assert.strictEqual(linear.control.calls()[0]?.operation, "query Pass issues issues issueLabels")
      assert.deepStrictEqual(linear.control.violations(), [])
    })
  )

  it.effect.each([
    ["a comparator", `{ number: { gte: 46 }, team: { key: { eq: "ENG" } } }`, ["ENG-46", "ENG-47"]],
    ["text in any case", `{ title: { containsIgnoreCase: "SAFARI" } }`, ["WEB-22"]],
    [
      "or",
      `{ or: [{ title: { startsWith: "Buy" } }, { title: { endsWith: "rows" } }] }`,
      ["ENG-45", "OPS-10"]
    ],
    ["and", `{ and: [{ priority: { eq: 1 } }, { state: { type: { eq: "backlog" } } }] }`, ["ENG-46"]],
    [
      "no item at all",
      `{ labels: { length: { eq: 0 } }, priority: { eq: 0 } }`,
      ["ENG-47", "OPS-14", "WEB-23"]
    ],
    [
      "more than one item",
      `{ labels: { length: { gt: 1 } }, team: { key: { eq: "WEB" } } }`,
      ["WEB-13", "WEB-14", "WEB-16"]
    ],
    [
      "every item, vacuously too",
      `{ labels: { every: { name: { eq: "Bug" } } }, priority: { eq: 2 }, team: { key: { eq: "WEB" } } }`,
      ["WEB-17", "WEB-22"]
    ],
    ["absence of a relation", `{ assignee: { null: false } }`, []],
    ["absence of a value", `{ description: { null: true }, priority: { eq: 1 } }`, ["OPS-12", "WEB-14"]],
    ["an identifier in place of an id", `{ id: { in: ["ENG-42"] } }`, ["ENG-42"]],
    [
      "a date in the past",
      `{ createdAt: { lt: "-P1D" }, number: { lte: 32 }, team: { key: { eq: "ENG" } } }`,
      ["ENG-31", "ENG-32"]
    ],
    ["a date that nothing reaches", `{ createdAt: { gt: "2999-01-01" } }`, []],
    ["blockers", `{ hasBlockedByRelations: { eq: true }, team: { key: { eq: "OPS" } } }`, ["OPS-11"]]
  ] as const)("filters by %s", ([, filter, expected]) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 0, 15))
      const linear = yield* start()
      const { issues } = yield* linear.ask(Found)(`{ issues(filter: ${filter}) { nodes { identifier } } }`)
      assert.deepStrictEqual(issues.nodes.map(({ identifier }) => identifier).sort(), [...expected])
      assert.deepStrictEqual(linear.control.violations(), [])
    })
  )

  it.effect("walks all pages of a list forwards, newest first", () =>
    Effect.gen(function* () {
      const linear = yield* start()
      const Page = Schema.Struct({
        issues: Schema.Struct({
          nodes: Schema.Array(Identified),
          pageInfo: Schema.Struct({
            hasNextPage: Schema.Boolean,
            endCursor: Schema.NullOr(Schema.String)
          })
        })
      })
      const page = (after: string | null) =>
        linear.ask(Page)(
          `query Page($after: String) { issues(first: 15, after: $after) { nodes { identifier } pageInfo { hasNextPage endCursor } } }`,
          { after }
        )
      const first = yield* page(null)
      const second = yield* page(first.issues.pageInfo.endCursor)
      const third = yield* page(second.issues.pageInfo.endCursor)

      const seen = [first, second, third].flatMap(({ issues }) =>
        issues.nodes.map(({ identifier }) => identifier)
      )
      assert.strictEqual(seen.length, 40)
      assert.strictEqual(new Set(seen).size, 40)
      assert.strictEqual(seen[0], "OLD-1")
      assert.strictEqual(seen[39], "ENG-31")
      assert.isTrue(second.issues.pageInfo.hasNextPage)
      assert.isFalse(third.issues.pageInfo.hasNextPage)
    })
  )

  it.effect("pages through relations and keeps the order of the last change", () =>
    Effect.gen(function* () {
      const linear = yield* start()
      for (const by of ["ENG-31", "ENG-32", "ENG-33"]) linear.control.block("OPS-7", by)
      yield* TestClock.adjust("1 minute")
      linear.control.setPriority("ENG-31", 4)

      const Data = Schema.Struct({
        issue: Schema.Struct({
          inverseRelations: Schema.Struct({
            nodes: Schema.Array(Schema.Struct({ issue: Identified })),
            pageInfo: Schema.Struct({ hasNextPage: Schema.Boolean })
          })
        }),
        issues: Nodes(Identified)
      })
      const { issue, issues } = yield* linear.ask(Data)(
        `{ issue(id: "OPS-7") { inverseRelations(first: 2) { nodes { issue { identifier } } pageInfo { hasNextPage } } }
           issues(first: 1, orderBy: updatedAt) { nodes { identifier } } }`
      )
      assert.strictEqual(issue.inverseRelations.nodes.length, 2)
      assert.isTrue(issue.inverseRelations.pageInfo.hasNextPage)
      assert.deepStrictEqual(issues.nodes, [{ identifier: "ENG-31" }])
    })
  )

  it.effect("finds an issue by UUID, by identifier and by the identifier it had before it moved", () =>
    Effect.gen(function* () {
      const linear = yield* start()
      const moved = linear.control.moveIssue("ENG-42", "OPS")
      const id = linear.control.issueByIdentifier(moved)?.id
      const Data = Schema.Struct({ issue: Identified })
      for (const key of [id, "OPS-16", "ENG-42"]) {
        const { issue } = yield* linear.ask(Data)(
          `query One($key: String!) { issue(id: $key) { identifier } }`,
          { key }
        )
        assert.deepStrictEqual(issue, { identifier: "OPS-16" })
      }
      assert.deepStrictEqual(linear.control.issueByIdentifier("OPS-16")?.labels, ["AI-Implement"])
    })
  )

  it.effect("hides archived and trashed issues from lists, and deleted ones from everything", () =>
    Effect.gen(function* () {
      const linear = yield* start()
      linear.control.archiveIssue("ENG-31")
      linear.control.trashIssue("ENG-32")
      linear.control.deleteIssue("ENG-33")
      const list = `filter: { team: { key: { eq: "ENG" } }, number: { lte: 34 } }`
      const Both = Schema.Struct({ open: Nodes(Identified), all: Nodes(Identified) })
      const data = yield* linear.ask(Both)(
        `{ open: issues(${list}) { nodes { identifier } } all: issues(${list}, includeArchived: true) { nodes { identifier } } }`
      )
      assert.deepStrictEqual(data.open.nodes, [{ identifier: "ENG-34" }])
      assert.strictEqual(data.all.nodes.length, 3)

      const { issue } = yield* linear.ask(
        Schema.Struct({ issue: Schema.Struct({ trashed: Schema.Boolean }) })
      )(`{ issue(id: "ENG-32") { trashed } }`)
      assert.isTrue(issue.trashed)
      const gone = yield* linear.refusal(`{ issue(id: "ENG-33") { id } }`)
      assert.strictEqual(gone.type, "InvalidInput")
      assert.strictEqual(gone.status, 200)
      assert.include(gone.message, "Could not find referenced Issue.")
      assert.deepStrictEqual(linear.control.violations(), [])
    })
  )

  it.effect("refuses what its schema does not have and says what it does not model", () =>
    Effect.gen(function* () {
      const linear = yield* start()
      const unknown = yield* linear.refusal(`{ issue(id: "ENG-31") { colour } }`)
      assert.strictEqual(unknown.status, 400)
      assert.strictEqual(unknown.type, "GraphqlError")
      assert.match(
        linear.control.violations()[0] ?? "",
        /^GRAPHQL_VALIDATION_FAILED: Cannot query field "colour"/
      )

      linear.control.resetViolations()
      const variable = yield* linear.refusal(`query One($id: String!) { issue(id: $id) { id } }`)
      assert.strictEqual(variable.status, 400)
      assert.strictEqual(linear.control.violations().length, 1)

      linear.control.resetViolations()
      for (const query of [
        `{ projects { nodes { id } } }`,
        `{ issue(id: "ENG-31") { releases { nodes { id } } } }`,
        `{ issues(filter: { subscribers: { length: { eq: 0 } } }) { nodes { id } } }`,
        `{ issues(sort: [{ priority: { order: Descending } }]) { nodes { id } } }`,
        `mutation { issueArchive(id: "ENG-31") { success } }`
      ]) {
        const refused = yield* linear.refusal(query)
        assert.strictEqual(refused.status, 501, query)
      }
      assert.strictEqual(linear.control.violations().length, 5)
    })
  )
})
