import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { SyncWorkflows } from "../../../src/dispatching/commands/SyncWorkflows.ts"
import { Readiness } from "../../../src/dispatching/readiness/Readiness.ts"
import { RunnerNotBuilt } from "../../../src/dispatching/templates/Templates.ts"
import { TeamKey } from "../../../src/domain/Ids.ts"
import { type EngineOptions, operator, repository, runnerProgram, start } from "../../support/engine.ts"

const team = TeamKey.make("ENG")
const bare = { github: { repositories: [repository] } }
const main = { ...repository, branch: "main" }
const branch = { ...repository, branch: "ai-implement/sync" }
const implement = ".github/workflows/claude-implement.yml"
const runnerFile = ".github/ai-implement/runner.mjs"

const begin = Effect.fnUntraced(function* (options: EngineOptions = bare) {
  const engine = yield* start({ ...options, env: { PUBLIC_URL: "https://ai.test", ...options.env } })
  const commands = Context.get(engine.services, SyncWorkflows)
  const sync = commands.sync(team, operator)
  const writes = () =>
    engine.github.control
      .calls()
      .map(({ operation }) => operation)
      .filter((operation) => /create|update/.test(operation ?? "") && !/access-token/.test(operation ?? ""))
  return { ...engine, commands, sync, writes }
})

describe("a sync of the workflows", () => {
  it.live("proposes every file to a repository that has none, in one pull request", () =>
    Effect.gen(function* () {
      const { github, map, sync } = yield* begin()
      yield* map({ planningEnabled: true })
      const answer = yield* sync
      assert.strictEqual(answer.result, "pr-opened")
      assert.sameMembers(
        answer.files.map(({ path }) => path),
        [
          implement,
          ".github/workflows/claude-plan.yml",
          ".github/workflows/ai-implement-report.yml",
          ".github/workflows/ai-implement-comment.yml",
          runnerFile,
          "WORKFLOW.md",
          "PLANNING.md"
        ]
      )
      const [pull, ...more] = github.pullRequests()
      assert.isEmpty(more)
      assert.deepInclude(pull, { branch: branch.branch, base: "main" })
      assert.strictEqual(pull?.number, answer.pullRequest?.number)
      const files = yield* Effect.orDie(github.filesOf(branch))
      assert.sameMembers(
        Object.keys(files),
        answer.files.map(({ path }) => path)
      )
      assert.include(files[runnerFile], runnerProgram.content)
      assert.deepStrictEqual(yield* Effect.orDie(github.filesOf(main)), {})
    })
  )

  it.live("repeated changes nothing, and after the merge everything is current", () =>
    Effect.gen(function* () {
      const { github, services, sync, writes } = yield* begin()
      const first = yield* sync
      const done = writes().length
      const again = yield* sync
      assert.deepStrictEqual([again.result, again.pullRequest], ["up-to-date", first.pullRequest])
      assert.strictEqual(writes().length, done)
      const number = first.pullRequest?.number ?? 0
      yield* Effect.orDie(github.mergePullRequest({ ...repository, number }))
      assert.deepStrictEqual(yield* sync, {
        result: "up-to-date",
        pullRequest: null,
        files: [],
        leftAlone: [],
        note: null
      })
      const readiness = yield* Context.get(services, Readiness).check(team)
      assert.isTrue(readiness.ready, JSON.stringify(readiness.checks))
      assert.deepStrictEqual(
        readiness.templates.filter(({ state }) => state !== "current"),
        []
      )
      assert.strictEqual(writes().length, done)
    })
  )

  it.live(
    "updates its open pull request when the mapping changes, and keeps what people committed to it",
    () =>
      Effect.gen(function* () {
        const { github, map, sync } = yield* begin()
        const first = yield* sync
        yield* map({ workflowFile: "agent.yml" })
        const second = yield* sync
        assert.deepStrictEqual([second.result, second.pullRequest], ["pr-updated", first.pullRequest])
        const files = yield* Effect.orDie(github.filesOf(branch))
        assert.include(Object.keys(files), ".github/workflows/agent.yml")
        assert.include(Object.keys(files), implement)
        assert.lengthOf(github.pullRequests(), 1)
      })
  )

  it.live("after a closed pull request begins again from the base", () =>
    Effect.gen(function* () {
      const { github, sync } = yield* begin()
      const first = yield* sync
      yield* Effect.orDie(github.closePullRequest({ ...repository, number: first.pullRequest?.number ?? 0 }))
      const second = yield* sync
      assert.strictEqual(second.result, "pr-opened")
      assert.notDeepEqual(second.pullRequest, first.pullRequest)
    })
  )

  it.live("never touches a file that AI-Implement did not write", () =>
    Effect.gen(function* () {
      const own = "name: Mine\non: workflow_dispatch\njobs: {}\n"
      const { github, sync } = yield* begin({
        github: { repositories: [{ ...repository, files: { [implement]: own, "WORKFLOW.md": "Mine." } }] }
      })
      const answer = yield* sync
      assert.deepStrictEqual(answer.leftAlone, [{ path: implement, workflowFile: "ai-implement.yml" }])
      assert.notIncludeMembers(
        answer.files.map(({ path }) => path),
        [implement]
      )
      const files = yield* Effect.orDie(github.filesOf(branch))
      assert.deepStrictEqual([files[implement], files["WORKFLOW.md"]], [own, "Mine."])
      assert.include(github.pullRequests()[0]?.body, implement)
    })
  )

  it.live("without the permission says which, and changes nothing", () =>
    Effect.gen(function* () {
      const { github, sync, writes } = yield* begin()
      github.install({
        permissions: { actions: "write", contents: "write", metadata: "read", pull_requests: "write" }
      })
      const refused = yield* Effect.flip(sync)
      assert.strictEqual(refused._tag, "SyncRefused")
      assert.include(refused.message, "The App lacks workflows: write on acme/app. Nothing was changed.")
      assert.include(refused.message, "mappings export ENG --to <dir>")
      assert.deepStrictEqual(writes(), [])
      assert.deepStrictEqual(github.pullRequests(), [])
    })
  )

  it.live("asks for the permission for its own call only", () =>
    Effect.gen(function* () {
      const { dispatched, github, issue, sync } = yield* begin({})
      const mayChangeWorkflows = () =>
        github.tokens().filter(({ permissions }) => permissions["workflows"] !== undefined).length
      yield* dispatched(issue())
      assert.strictEqual(mayChangeWorkflows(), 0)
      yield* sync
      assert.strictEqual(mayChangeWorkflows(), 1)
    })
  )

  it.live("says where the base is not the repository's default branch", () =>
    Effect.gen(function* () {
      const { github, map, sync } = yield* begin({
        github: { repositories: [{ ...repository, defaultBranch: "develop" }] }
      })
      const absent = yield* Effect.flip(sync)
      assert.include(absent.message, "acme/app has no branch main")
      yield* Effect.orDie(github.pushBranch({ ...main, sha: "1".repeat(40) }))
      yield* map({})
      const { note } = yield* sync
      assert.include(note, "default branch is develop")
      assert.strictEqual(github.pullRequests()[0]?.base, "main")
    })
  )

  it.live("renders for all mappings of the repository", () =>
    Effect.gen(function* () {
      const { map, sync } = yield* begin()
      yield* map({ teamKey: TeamKey.make("WEB"), owner: "Acme", repo: "App", workflowFile: "web.yml" })
      yield* map({ teamKey: TeamKey.make("OPS"), repo: "other", workflowFile: "ops.yml" })
      const paths = (yield* sync).files.map(({ path }) => path)
      assert.includeMembers(paths, [implement, ".github/workflows/web.yml"])
      assert.notInclude(paths, ".github/workflows/ops.yml")
    })
  )

  it.live("survives a lost answer of GitHub with one pull request", () =>
    Effect.gen(function* () {
      const { github, sync } = yield* begin()
      for (const match of ["git/create-ref", "pulls/create"]) {
        github.control.failNext({ match, action: { _tag: "resetAfter" } })
      }
      assert.strictEqual((yield* sync).result, "pr-opened")
      assert.lengthOf(github.pullRequests(), 1)
    })
  )

  it.live("is audited", () =>
    Effect.gen(function* () {
      const { sql, sync } = yield* begin()
      const { files } = yield* sync
      const entries = yield* sql`select actor_name, subject, after from audit where action = 'mapping.sync'`
      assert.deepStrictEqual(entries, [
        {
          actorName: operator.name,
          subject: "ENG",
          after: { repository: "acme/app", files: files.map(({ path }) => path) }
        }
      ])
    })
  )

  it.live("says how to build the runner where it is missing", () =>
    Effect.gen(function* () {
      const { commands, sync, services } = yield* begin({
        ...bare,
        runner: Effect.fail(new RunnerNotBuilt({ message: "Run npm run build, then restart." }))
      })
      assert.strictEqual((yield* Effect.flip(sync))._tag, "RunnerNotBuilt")
      assert.strictEqual((yield* Effect.flip(commands.files(team)))._tag, "RunnerNotBuilt")
      const { checks, templates } = yield* Context.get(services, Readiness).check(team)
      assert.deepStrictEqual(templates, [])
      assert.isTrue(checks.some(({ message }) => message.includes("Run npm run build")))
    })
  )
})
