import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { CodeHost } from "../../../src/upstreams/CodeHost.ts"
import { WorkflowRuns } from "../../../src/upstreams/RunBackends.ts"
import { GitHub } from "../../../src/sandbox/GitHub.ts"
import { assertUnderstood, mutating } from "../../support/mutating.ts"
import { aWhileAgo, layer, place, request, web, workflowFile } from "../../support/githubClient.ts"

const refusal = {
  message: 'Unexpected inputs provided: ["branch", "extra_env"]',
  documentation_url: "https://docs.github.com/rest",
  status: "422",
  errors: [{ resource: "Workflow", code: "invalid" }]
}

const headers = [
  "retry-after",
  "etag",
  "x-accepted-github-permissions",
  ...["limit", "remaining", "reset", "resource"].map((part) => `x-ratelimit-${part}`)
]

it.live(
  "whatever GitHub answers is understood or refused, and never a defect",
  () =>
    Effect.gen(function* () {
      const runs = yield* WorkflowRuns
      const codeHost = yield* CodeHost
      const since = yield* aWhileAgo
      const github = yield* GitHub
      yield* Effect.repeat(Effect.exit(runs.launch(request)), { until: () => github.runs().length > 0 })
      const id = github.runs()[0]?.id ?? 0
      const run = { kind: "github", id, url: "https://github.test/run" } as const
      yield* github.finishRun(id, "success")
      yield* github.uploadArtifact(id, "ai-implement-report", { "report.json": "{}" })
      const { number } = yield* github.openPullRequest({
        ...web,
        branch: request.branch,
        title: "ENG-42: Add search"
      })
      const comment = yield* github.comment({ ...web, number, author: "ada", body: "/ai-implement again" })
      const kinds = yield* assertUnderstood(
        [
          runs.launch(request),
          runs.find({ place, dispatchId: request.dispatchId, since }),
          runs.list({ place, since, runs: [run] }),
          runs.stop({ place, run, force: false }),
          runs.probe(place),
          codeHost.artifact({ ...web, runId: id, name: "ai-implement-report" }),
          codeHost.id(web),
          codeHost.pullRequest({
            ...web,
            branch: request.branch,
            issueIdentifier: "ENG-42",
            since,
            number
          }),
          codeHost.pullRequests({ ...web, numbers: [number] }),
          codeHost.head({ ...web, number }),
          codeHost.comment({ ...web, id: comment.id }),
          codeHost.mayWrite({ ...web, login: "ada" }),
          codeHost.inspect({ ...web, branch: "main", workflows: [workflowFile], files: ["WORKFLOW.md"] })
        ],
        25
      )
      assert.includeMembers(kinds, ["success", "Malformed", "Rejected", "NotFound"])
    }).pipe(
      Effect.provide(
        layer({ between: mutating({ refusal, headers }), timeout: "2 seconds", launchTimeout: "2 seconds" })
      )
    ),
  60_000
)
