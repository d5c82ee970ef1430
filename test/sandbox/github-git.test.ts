import { assert, it } from "@effect/vitest"
import { Octokit } from "@octokit/rest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { call, refused, setClock, setup, shop } from "../support/githubSandbox.ts"

const main = { ...shop, ref: "heads/main" }

const commit = Effect.fnUntraced(function* (
  octokit: Octokit,
  parent: string,
  files: Readonly<Record<string, string>>
) {
  const { data: before } = yield* call(() => octokit.rest.git.getCommit({ ...shop, commit_sha: parent }))
  const { data: tree } = yield* call(() =>
    octokit.rest.git.createTree({
      ...shop,
      base_tree: before.tree.sha,
      tree: Object.entries(files).map(([path, content]) => ({ path, content, mode: "100644", type: "blob" }))
    })
  )
  const { data } = yield* call(() =>
    octokit.rest.git.createCommit({ ...shop, message: "Add files", tree: tree.sha, parents: [parent] })
  )
  return data.sha
})

it.live("a commit on a branch has its files, and a pull request brings them to the base", () =>
  Effect.gen(function* () {
    const { github, octokit } = yield* setup()
    const { data: head } = yield* call(() => octokit.rest.git.getRef(main))
    const workflow =
      "name: Sync\non:\n  workflow_dispatch:\n    inputs:\n      issue_id: { required: true }\n"
    const sha = yield* commit(octokit, head.object.sha, { ".github/workflows/sync.yml": workflow })
    yield* call(() => octokit.rest.git.createRef({ ...shop, ref: "refs/heads/sync", sha }))
    const file = { ...shop, path: ".github/workflows/sync.yml" }
    const { data } = yield* call(() => octokit.rest.repos.getContent({ ...file, ref: "sync" }))
    assert.strictEqual("content" in data && Buffer.from(data.content, "base64").toString(), workflow)
    yield* refused(404, "Not Found", () => octokit.rest.repos.getContent({ ...file, ref: "main" }))
    const wanted = { ...shop, head: "sync", base: "main", title: "Sync" }
    const { data: pull } = yield* call(() => octokit.rest.pulls.create(wanted))
    assert.deepStrictEqual([pull.head.sha, pull.base.ref, pull.state], [sha, "main", "open"])
    yield* refused(422, "Validation Failed", () => octokit.rest.pulls.create(wanted))
    yield* refused(422, "Validation Failed", () => octokit.rest.pulls.create({ ...wanted, head: "none" }))
    const { data: named } = yield* call(() =>
      octokit.rest.pulls.update({ ...shop, pull_number: pull.number, title: "Sync 2", body: "All of it." })
    )
    assert.deepStrictEqual([named.title, named.body], ["Sync 2", "All of it."])
    yield* github.mergePullRequest({ ...shop, number: pull.number })
    yield* call(() => octokit.rest.repos.getContent({ ...file, ref: "main" }))
    const workflow_id = "sync.yml"
    const { data: listed } = yield* call(() => octokit.rest.actions.getWorkflow({ ...shop, workflow_id }))
    assert.deepStrictEqual([listed.name, listed.state], ["Sync", "active"])
    const dispatch = (inputs: Record<string, string>) => () =>
      octokit.rest.actions.createWorkflowDispatch({ ...shop, workflow_id, ref: "main", inputs })
    yield* refused(422, "Required input 'issue_id' not provided", dispatch({}))
    yield* call(dispatch({ issue_id: "1" }))
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

it.live("a branch moves forward only, unless it is forced, and takes its pull request along", () =>
  Effect.gen(function* () {
    const { github, octokit } = yield* setup()
    const { data: head } = yield* call(() => octokit.rest.git.getRef(main))
    const first = yield* commit(octokit, head.object.sha, { a: "1" })
    const second = yield* commit(octokit, first, { a: "2" })
    const other = yield* commit(octokit, head.object.sha, { a: "3" })
    const branch = { ...shop, ref: "heads/sync" }
    yield* refused(422, "Object does not exist", () =>
      octokit.rest.git.createRef({ ...shop, ref: "refs/heads/sync", sha: "0".repeat(40) })
    )
    const create = () => octokit.rest.git.createRef({ ...shop, ref: "refs/heads/sync", sha: first })
    yield* refused(422, "Reference does not exist", () =>
      octokit.rest.git.updateRef({ ...branch, sha: first })
    )
    yield* call(create)
    yield* refused(422, "Reference already exists", create)
    const { data: pull } = yield* call(() =>
      octokit.rest.pulls.create({ ...shop, head: "sync", base: "main", title: "Sync" })
    )
    yield* call(() => octokit.rest.git.updateRef({ ...branch, sha: second }))
    const { data: moved } = yield* call(() => octokit.rest.pulls.get({ ...shop, pull_number: pull.number }))
    assert.strictEqual(moved.head.sha, second)
    yield* refused(422, "Update is not a fast forward", () =>
      octokit.rest.git.updateRef({ ...branch, sha: other })
    )
    yield* call(() => octokit.rest.git.updateRef({ ...branch, sha: other, force: true }))
    assert.deepStrictEqual(yield* github.filesOf({ ...shop, branch: "sync" }), {
      ...(yield* github.filesOf({ ...shop, branch: "main" })),
      a: "3"
    })
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

it.effect("a narrowed token writes what it was given, in its repository, for an hour", () =>
  Effect.gen(function* () {
    yield* setClock
    const { github, log, token } = yield* setup()
    const narrow = yield* token({
      repositories: ["shop"],
      permissions: { contents: "write", pull_requests: "write" }
    })
    const octokit = new Octokit({ baseUrl: github.url, log, auth: narrow.token })
    const { data: head } = yield* call(() => octokit.rest.git.getRef(main))
    const sha = yield* commit(octokit, head.object.sha, { "src/a.ts": "1" })
    yield* refused(403, "Resource not accessible by integration", () =>
      octokit.rest.git.createTree({
        ...shop,
        tree: [{ path: ".github/workflows/ci.yml", content: "", mode: "100644", type: "blob" }]
      })
    )
    yield* refused(403, "Resource not accessible by integration", () =>
      octokit.rest.actions.listWorkflowRunsForRepo(shop)
    )
    yield* refused(404, "Not Found", () => octokit.rest.git.getRef({ ...main, repo: "blog" }))
    const read = yield* token({ repositories: ["shop"], permissions: { contents: "read" } })
    const reader = new Octokit({ baseUrl: github.url, log, auth: read.token })
    yield* refused(403, "Resource not accessible by integration", () =>
      reader.rest.git.createRef({ ...shop, ref: "refs/heads/x", sha })
    )
    yield* refused(403, "Resource not accessible by integration", () =>
      reader.rest.pulls.create({ ...shop, head: "x", base: "main", title: "X" })
    )
    yield* TestClock.adjust("61 minutes")
    yield* refused(401, "Bad credentials", () => octokit.rest.git.getRef(main))
  })
)
