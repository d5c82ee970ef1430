import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Schema from "effect/Schema"
import { strFromU8, unzipSync } from "fflate"
import { call, inputs, issue, refused, setup, shop, workflow_id } from "../support/githubSandbox.ts"

it.live("a comment under a pull request is read by its id, edited or not", () =>
  Effect.gen(function* () {
    const { github, octokit } = yield* setup()
    yield* github.openPullRequest({ ...shop, branch: "b", title: "B" })
    const { id } = yield* github.comment({ ...shop, number: 1, author: "robin", body: "/ai-implement" })
    const read = call(() => octokit.rest.issues.getComment({ ...shop, comment_id: id }))
    const { data } = yield* read
    assert.deepInclude(data, { id, body: "/ai-implement", author_association: "NONE" })
    assert.deepInclude(data.user, { login: "robin", type: "User" })
    assert.match(data.issue_url, /\/repos\/acme\/shop\/issues\/1$/)
    yield* github.editComment(id, "never mind")
    assert.strictEqual((yield* read).data.body, "never mind")
    yield* refused(404, "Not Found", () => octokit.rest.issues.getComment({ ...shop, comment_id: 1 }))
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

it.live("a person's rights are given by role and by the older permission", () =>
  Effect.gen(function* () {
    const { github, octokit } = yield* setup()
    const of = (username: string) =>
      Effect.map(
        call(() => octokit.rest.repos.getCollaboratorPermissionLevel({ ...shop, username })),
        ({ data }) => [data.permission, data.role_name]
      )
    assert.deepStrictEqual(yield* of("robin"), ["none", "none"])
    yield* github.setRole({ ...shop, login: "robin", role: "maintain" })
    assert.deepStrictEqual(yield* of("robin"), ["write", "maintain"])
    yield* github.setRole({ ...shop, login: "robin", role: "triage" })
    assert.deepStrictEqual(yield* of("robin"), ["read", "triage"])
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

it.live("the branch of a pull request from a fork is in the fork", () =>
  Effect.gen(function* () {
    const { github, octokit } = yield* setup()
    yield* github.openPullRequest({ ...shop, branch: "b", title: "B", fork: "mallory" })
    const { data } = yield* call(() => octokit.rest.pulls.get({ ...shop, pull_number: 1 }))
    assert.deepStrictEqual(
      [data.head.label, data.head.repo?.full_name, data.base.repo.full_name],
      ["mallory:b", "mallory/shop", "acme/shop"]
    )
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

it.live("the names of a repository's secrets are listed", () =>
  Effect.gen(function* () {
    const { github, octokit } = yield* setup()
    const list = Effect.map(
      call(() => octokit.rest.actions.listRepoSecrets(shop)),
      ({ data }) => data.secrets.map(({ name }) => name)
    )
    assert.deepStrictEqual(yield* list, [])
    yield* github.putRepository({ ...shop, secrets: ["ANTHROPIC_API_KEY"] })
    assert.deepStrictEqual(yield* list, ["ANTHROPIC_API_KEY"])
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

it.live("an app that loses a permission or its installation is refused with the token it has", () =>
  Effect.gen(function* () {
    const { app, github, octokit } = yield* setup()
    const get = () => octokit.rest.actions.listRepoSecrets(shop)
    github.install({ permissions: { actions: "write" } })
    yield* refused(403, "Resource not accessible by integration", get)
    const { data } = yield* call(() => app.rest.apps.getRepoInstallation(shop))
    assert.deepStrictEqual(data.permissions, { actions: "write" })
    github.install({ repositories: [] })
    yield* refused(401, "Bad credentials", get)
    yield* refused(404, "Not Found", () => app.rest.apps.getRepoInstallation(shop))
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

it.live("what a run leaves behind is listed by name and downloaded as a zip", () =>
  Effect.gen(function* () {
    const { dispatch, github, octokit } = yield* setup({
      repositories: [{ ...shop, workflows: [{ file: workflow_id, name: "Implement", inputs }] }]
    })
    yield* dispatch(issue)
    const run_id = github.runs()[0]?.id ?? 0
    const list = (name: string) =>
      Effect.map(
        call(() => octokit.rest.actions.listWorkflowRunArtifacts({ ...shop, run_id, name })),
        ({ data }) => data.artifacts
      )
    const left = yield* github.uploadArtifact(run_id, "report", { "report.json": "{}" })
    assert.deepStrictEqual(yield* list("other"), [])
    const [artifact] = yield* list("report")
    assert.deepInclude(artifact, { id: left.id, name: "report", expired: false })
    assert.strictEqual(artifact?.workflow_run?.id, run_id)
    const wanted = { ...shop, artifact_id: left.id, archive_format: "zip" }
    const { data } = yield* call(() => octokit.rest.actions.downloadArtifact(wanted))
    const files = unzipSync(new Uint8Array(data as ArrayBuffer))
    assert.strictEqual(strFromU8(files["report.json"] ?? new Uint8Array()), "{}")
    left.expired = true
    yield* refused(410, "expired", () => octokit.rest.actions.downloadArtifact(wanted))
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

const ErrorBody = Schema.fromJsonString(
  Schema.Struct({
    value: Schema.optionalKey(Schema.String),
    id: Schema.optionalKey(Schema.Int),
    error: Schema.optionalKey(Schema.String)
  })
)

it.live("what people do can be done over HTTP", () =>
  Effect.gen(function* () {
    const { dispatch, github } = yield* setup()
    const control = (method: "POST" | "PUT", path: string, body: unknown) =>
      HttpClientRequest.make(method)(`${github.url}/_control/${path}`).pipe(
        HttpClientRequest.bodyJsonUnsafe(body),
        HttpClient.execute,
        Effect.flatMap(({ text }) => text),
        Effect.flatMap((text) => Schema.decodeEffect(ErrorBody)(text === "" ? "{}" : text)),
        Effect.provide(FetchHttpClient.layer)
      )
    yield* dispatch(issue)
    const { value = "" } = yield* control("POST", `runs/${github.runs()[0]?.id}/token`, { audience: "a" })
    assert.match(value, /^[\w-]+\.[\w-]+\.[\w-]+$/)
    yield* control("POST", "pulls", { ...shop, branch: "b", title: "B" })
    const { id = 0 } = yield* control("POST", "pulls/acme/shop/1/comments", {
      author: "robin",
      body: "Hello"
    })
    assert.strictEqual((yield* github.editComment(id, "Bye")).body, "Bye")
    yield* control("PUT", "collaborators/acme/shop/robin", "write")
    yield* control("PUT", "installation", { repositories: ["acme/blog"] })
    yield* control("PUT", "webhook", { url: `${github.url}/nowhere`, secret: "s" })
    const { error = "" } = yield* control("PUT", "collaborators/acme/shop/robin", "king")
    assert.match(error, /"admin" \| "maintain"/)
  })
)
