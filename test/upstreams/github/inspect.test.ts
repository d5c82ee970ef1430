import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { CodeHost } from "../../../src/upstreams/CodeHost.ts"
import { GitHub as Sandbox } from "../../../src/sandbox/GitHub.ts"
import { asked, failureOf, inputs, live, web, workflowFile } from "../../support/githubClient.ts"

const path = `.github/workflows/${workflowFile}`
const query = { ...web, branch: "main", workflows: [workflowFile], files: [] as ReadonlyArray<string> }
const workflows = [{ file: workflowFile, name: "AI-Implement", inputs }]

const inspect = (more: Partial<typeof query> = {}) =>
  Effect.flatMap(CodeHost, (repositories) => repositories.inspect({ ...query, ...more }))

const seen = (more: Parameters<typeof inspect>[0] = {}) =>
  Effect.map(inspect(more), (found) => (found._tag === "Seen" ? found : assert.fail(found._tag)))

const put = (more: object) => Effect.flatMap(Sandbox, (github) => github.putRepository({ ...web, ...more }))

live(
  "a repository is seen with its branch, its workflows and the names of its secrets",
  Effect.gen(function* () {
    yield* put({ workflows, secrets: ["ANTHROPIC_API_KEY"], organizationSecrets: ["AWS_ROLE_ARN"] })
    const found = yield* seen()
    assert.deepInclude(found, {
      archived: false,
      branch: true,
      workflows: { [workflowFile]: "active" },
      secrets: ["ANTHROPIC_API_KEY", "AWS_ROLE_ARN"]
    })
    assert.deepStrictEqual(
      found.files.map(({ path }) => path),
      [path]
    )
    assert.include(found.files[0]?.text, "workflow_dispatch")
    assert.strictEqual(found.permissions["actions"], "write")
  })
)

live(
  "an unchanged repository costs no budget except the check of the installation",
  Effect.gen(function* () {
    const github = yield* Sandbox
    yield* seen()
    yield* asked
    yield* seen()
    const statuses = github.control.calls().map(({ operation, status }) => `${operation} ${status}`)
    assert.deepStrictEqual(statuses.toSorted(), [
      "actions/get-workflow 304",
      "actions/list-repo-organization-secrets 304",
      "actions/list-repo-secrets 304",
      "apps/get-repo-installation 200",
      "git/get-ref 304",
      "repos/get 304",
      "repos/get-content 304",
      "repos/get-content 304"
    ])
  })
)

live(
  "what is missing is an answer: the branch, a file, a workflow",
  Effect.gen(function* () {
    yield* put({ workflows, archived: true, files: { "WORKFLOW.md": "Do it." } })
    assert.deepInclude(yield* seen({ branch: "gone" }), { archived: true, branch: false, files: [] })
    const found = yield* seen({
      workflows: [workflowFile, "plan.yml"],
      files: ["WORKFLOW.md", "PLANNING.md"]
    })
    assert.sameMembers(
      found.files.map(({ path }) => path),
      [path, "WORKFLOW.md"]
    )
    assert.deepStrictEqual(found.workflows, { [workflowFile]: "active", "plan.yml": "missing" })
    yield* put({ workflows: [{ ...workflows[0], state: "disabled_manually" }] })
    assert.deepStrictEqual((yield* seen()).workflows, { [workflowFile]: "disabled" })
  })
)

live(
  "a file that is too large is there, and not read",
  Effect.gen(function* () {
    yield* put({ workflows: [{ ...workflows[0], content: "#".repeat(140_000) }] })
    assert.deepStrictEqual((yield* seen()).files, [{ path, text: null }])
  })
)

live(
  "an App that is not installed, may not do its work, or may not list secrets is reported",
  Effect.gen(function* () {
    const github = yield* Sandbox
    yield* seen()
    github.install({ permissions: { actions: "write", contents: "read", pull_requests: "read" } })
    assert.isNull((yield* seen()).secrets)
    github.install({ permissions: { actions: "read", contents: "read" } })
    assert.deepStrictEqual(yield* inspect(), {
      _tag: "Forbidden",
      missing: ["actions: write", "pull_requests: read"]
    })
    github.install({ repositories: ["acme/api"] })
    assert.deepStrictEqual(yield* inspect(), { _tag: "NotInstalled" })
    assert.deepStrictEqual(yield* inspect({ repo: "none" }), { _tag: "NotInstalled" })
  })
)

live(
  "a refusal is an answer with GitHub's reason; a fault is an error",
  Effect.gen(function* () {
    const { control } = yield* Sandbox
    const message =
      "The `acme` organization has an IP allow list enabled, and your IP address is not permitted to access this resource."
    control.failNext({
      match: "/repos/acme/web",
      action: { _tag: "status", status: 403, body: { message } }
    })
    const refused = yield* inspect()
    assert.include(refused._tag === "Refused" ? refused.message : refused._tag, "IP allow list")
    control.failNext({ match: "/git/ref/", times: 3, action: { _tag: "status", status: 502 } })
    assert.strictEqual((yield* failureOf(inspect())).reason._tag, "Unavailable")
  })
)
