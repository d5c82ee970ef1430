import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { GitHub as Sandbox } from "../../../src/sandbox/GitHub.ts"
import { CodeHost } from "../../../src/upstreams/CodeHost.ts"
import { WorkflowRuns } from "../../../src/upstreams/RunBackends.ts"
import { elsewhere } from "../../support/elsewhere.ts"
import { failureOf, live, reasonOf, request, web } from "../../support/githubClient.ts"

const name = "ai-implement-report"
const match = "actions/download-artifact"

const uploaded = Effect.gen(function* () {
  const sandbox = yield* Sandbox
  const { launch } = yield* WorkflowRuns
  const { artifact } = yield* CodeHost
  yield* launch(request)
  const [run] = sandbox.runs()
  const runId = run?.id ?? 0
  yield* sandbox.uploadArtifact(runId, name, { "report.json": '{"a":1}' })
  return { ...sandbox, read: artifact({ ...web, runId, name }) }
})

const redirectTo = (location: string) => ({
  match,
  action: { _tag: "status", status: 302, headers: { location } } as const
})

live(
  "a download follows GitHub to its storage, and sends no token there",
  Effect.gen(function* () {
    const { read, storage } = yield* uploaded
    assert.strictEqual(yield* read, '{"a":1}')
    assert.lengthOf(storage.calls(), 1)
    assert.deepStrictEqual(storage.violations(), [])
  })
)

live(
  "a download is redirected once and not again",
  Effect.scoped(
    Effect.gen(function* () {
      const { read, storage } = yield* uploaded
      const { calls, url } = yield* elsewhere
      storage.failNext({ action: { _tag: "status", status: 302, headers: { location: `${url}/again` } } })
      assert.deepStrictEqual(yield* reasonOf(read), { _tag: "Malformed" })
      assert.deepStrictEqual(calls(), [])
    })
  )
)

live(
  "a download to an address that is no http is not followed",
  Effect.gen(function* () {
    const { control, read } = yield* uploaded
    control.failNext(redirectTo("file:///etc/passwd"))
    assert.deepStrictEqual(yield* reasonOf(read), { _tag: "Malformed" })
  })
)

live(
  "a list is not redirected to another host, as a download is",
  Effect.scoped(
    Effect.gen(function* () {
      const { control, read } = yield* uploaded
      const { calls, url } = yield* elsewhere
      control.failNext({ ...redirectTo(`${url}/x`), match: "actions/list-workflow-run-artifacts" })
      assert.deepStrictEqual(yield* reasonOf(read), { _tag: "Malformed" })
      assert.deepStrictEqual(calls(), [])
    })
  )
)

for (const [what, action] of [
  ["without end", { _tag: "endless" }],
  ["that unpacks to 3 MiB", { _tag: "inflated", mebibytes: 3 }]
] as const) {
  live(
    `an artifact ${what} is not read, neither from GitHub nor from its storage`,
    Effect.gen(function* () {
      const { control, read, storage } = yield* uploaded
      control.failNext({ match, action })
      assert.include((yield* failureOf(read)).message, "is larger than 2 MiB and was not read")
      storage.failNext({ action: { _tag: "endless" } })
      assert.deepStrictEqual(yield* reasonOf(read), { _tag: "Malformed" })
    })
  )
}
