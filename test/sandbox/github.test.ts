import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { call, inputs, issue, refused, setup, shop, workflow_id } from "../support/githubSandbox.ts"

it.live("a dispatched run is worked on by the agent and ends in a pull request", () =>
  Effect.gen(function* () {
    const { github, octokit, dispatch } = yield* setup({ agent: "auto", speed: 400 })
    const { status, data } = yield* dispatch(issue)
    assert.strictEqual(status, 200)
    const run_id = (data as { workflow_run_id: number }).workflow_run_id
    const get = call(() => octokit.rest.actions.getWorkflowRun({ ...shop, run_id }))
    assert.strictEqual((yield* get).data.display_title, "ENG-42 d-1")
    const ended = yield* Effect.repeat(Effect.delay(get, "10 millis"), {
      until: ({ data }) => data.status === "completed"
    })
    assert.strictEqual(ended.data.conclusion, "success")
    const { data: pulls } = yield* call(() =>
      octokit.rest.pulls.list({ ...shop, head: `acme:${issue.branch}`, state: "all" })
    )
    assert.lengthOf(pulls, 1)
    const pull = yield* call(() => octokit.rest.pulls.get({ ...shop, pull_number: pulls[0]?.number ?? 0 }))
    assert.deepInclude(pull.data, { title: "ENG-42: Add search", draft: false, state: "open", merged: false })
    assert.deepStrictEqual([pull.data.head.ref, pull.data.base.ref], [issue.branch, "main"])
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

it.live("without return_run_details the dispatch answers 204", () =>
  Effect.gen(function* () {
    const { octokit, github } = yield* setup()
    const ref = "refs/heads/main"
    const answer = yield* call(() =>
      octokit.rest.actions.createWorkflowDispatch({ ...shop, workflow_id, ref })
    )
    assert.strictEqual(answer.status, 204)
    assert.lengthOf(github.runs(), 1)
  })
)

it.live("a dispatch is refused for what GitHub refuses", () =>
  Effect.gen(function* () {
    const { github, octokit, dispatch } = yield* setup()
    const to = (more: object) => () =>
      octokit.rest.actions.createWorkflowDispatch({ ...shop, workflow_id, ref: "main", ...more })
    yield* refused(404, "Not Found", to({ workflow_id: "none.yml" }))
    yield* refused(404, "Not Found", to({ repo: "none" }))
    yield* refused(422, "No ref found for: gone", to({ ref: "gone" }))
    yield* refused(
      422,
      'Unexpected inputs provided: ["x","y"]',
      to({ inputs: { x: "1", branch: "b", y: "2" } })
    )
    yield* refused(422, "inputs are too large.", to({ inputs: { issue_title: "t".repeat(65_536) } }))
    assert.deepStrictEqual(github.control.violations(), [])
    const many = Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`i${n}`, ""]))
    yield* refused(422, "Invalid request", to({ inputs: many }))
    assert.match(github.control.violations()[0] ?? "", /create-workflow-dispatch request: body \/inputs/)
    assert.deepStrictEqual(github.runs(), [])
    yield* dispatch(issue)
    assert.lengthOf(github.findRuns("d-1"), 1)
  })
)

it.live("what breaks the contract is a violation, and an unknown operation a 501", () =>
  Effect.gen(function* () {
    const { github, octokit } = yield* setup()
    yield* refused(422, "Invalid request", () => octokit.request("GET /repos/acme/shop/pulls?state=ajar"))
    yield* refused(422, "Invalid request", () => octokit.request("GET /repos/acme/shop?colour=red"))
    yield* refused(501, "does not model", () => octokit.rest.issues.listForRepo(shop))
    const said = github.control.violations().join("\n")
    assert.match(said, /pulls\/list request: query state/)
    assert.match(said, /repos\/get request: query colour is not a parameter/)
    assert.match(said, /GET \/repos\/acme\/shop\/issues is not modelled/)
  })
)

it.live("pull requests are listed by head, state and page", () =>
  Effect.gen(function* () {
    const { github, octokit } = yield* setup()
    for (const branch of ["a", "b", "c"])
      yield* github.openPullRequest({ ...shop, branch, title: branch, draft: branch === "c" })
    yield* github.mergePullRequest({ ...shop, number: 1 })
    yield* github.closePullRequest({ ...shop, number: 2 })
    const list = (more: object) =>
      Effect.map(
        call(() => octokit.rest.pulls.list({ ...shop, ...more })),
        ({ data, headers }) => ({ titles: data.map(({ title }) => title), link: headers.link })
      )
    assert.deepStrictEqual((yield* list({})).titles, ["c"])
    assert.deepStrictEqual((yield* list({ state: "closed", direction: "asc" })).titles, ["a", "b"])
    assert.deepStrictEqual((yield* list({ state: "all", head: "ACME:b" })).titles, ["b"])
    assert.deepStrictEqual((yield* list({ state: "all", head: "b" })).titles, ["c", "b", "a"])
    const second = yield* list({ state: "all", per_page: 1, page: 2 })
    assert.deepStrictEqual(second.titles, ["b"])
    assert.match(
      second.link ?? "",
      /page=1>; rel="prev".*page=3>; rel="next".*page=3>; rel="last".*rel="first"/
    )
    const all = yield* call(() =>
      octokit.paginate(octokit.rest.pulls.list, { ...shop, state: "all", per_page: 2 })
    )
    assert.lengthOf(all, 3)
    const merged = yield* call(() => octokit.rest.pulls.get({ ...shop, pull_number: 1 }))
    assert.isTrue(merged.data.merged)
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

it.live("the workflow file says what it declares", () =>
  Effect.gen(function* () {
    const { github, octokit } = yield* setup()
    const path = `.github/workflows/${workflow_id}`
    const { data } = yield* call(() => octokit.rest.repos.getContent({ ...shop, path }))
    assert.isTrue("content" in data)
    const text = Buffer.from("content" in data ? data.content : "", "base64").toString()
    for (const input of inputs) assert.include(text, `      ${input}:`)
    const folder = yield* call(() => octokit.rest.repos.getContent({ ...shop, path: ".github" }))
    assert.deepInclude(Array.isArray(folder.data) ? folder.data[0] : {}, { name: "workflows", type: "dir" })
    const found = yield* call(() => octokit.rest.actions.getWorkflow({ ...shop, workflow_id }))
    assert.deepInclude(found.data, { path, state: "active" })
    yield* refused(404, "Not Found", () => octokit.rest.repos.getContent({ ...shop, path: "none" }))
    yield* refused(404, "No commit found", () =>
      octokit.rest.repos.getContent({ ...shop, path, ref: "gone" })
    )
    const repository = yield* call(() => octokit.rest.repos.get(shop))
    assert.strictEqual(repository.data.default_branch, "main")
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

it.live("a second process moves runs and pull requests under /_control", () =>
  Effect.gen(function* () {
    const { github, octokit, dispatch } = yield* setup()
    yield* dispatch(issue)
    const control = (method: "GET" | "POST", path: string, data?: object) =>
      call(() =>
        octokit.request(`${method} ${github.url}/_control/${path}`, data === undefined ? {} : { data })
      )
    const { data: runs } = yield* control("GET", "runs?dispatch_id=d-1")
    assert.lengthOf(runs, 1)
    const { id } = runs[0]
    yield* control("POST", `runs/${id}/start`)
    const finished = yield* control("POST", `runs/${id}/finish`, { conclusion: "failure" })
    assert.deepInclude(finished.data, { status: "completed", conclusion: "failure" })
    const opened = yield* control("POST", "pulls", { ...shop, branch: "b", title: "T" })
    assert.strictEqual(opened.status, 201)
    const merged = yield* control("POST", "pulls/acme/shop/1/merge")
    assert.strictEqual(merged.data.state, "closed")
    const unknown = yield* Effect.flip(control("POST", "runs/1/start"))
    assert.strictEqual(unknown.status, 404)
    const wrong = yield* Effect.flip(control("POST", `runs/${id}/finish`, { conclusion: "splendid" }))
    assert.strictEqual(wrong.status, 400)
    assert.lengthOf((yield* control("GET", "calls")).data, github.control.calls().length)
    assert.deepStrictEqual(github.control.violations(), [])
  })
)
