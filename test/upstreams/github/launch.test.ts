import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { WorkflowRuns } from "../../../src/upstreams/RunBackends.ts"
import { GitHub as Sandbox } from "../../../src/sandbox/GitHub.ts"
import type { Action } from "../../../src/sandbox/Upstream.ts"
import type { UpstreamReason } from "../../../src/upstreams/UpstreamError.ts"
import { launchFaults } from "../../support/upstreamFailure.ts"
import {
  asked,
  aWhileAgo,
  dispatchId,
  failureOf,
  inputs,
  live,
  publicKey,
  reasonOf,
  request,
  place
} from "../../support/githubClient.ts"
import { StoredDispatchId } from "../../../src/domain/Ids.ts"

const match = "create-workflow-dispatch"
const launch = (more: Partial<typeof request> = {}) =>
  Effect.flatMap(WorkflowRuns, (runs) => runs.launch({ ...request, ...more }))

live(
  "everything that the workflow declares goes with it",
  Effect.gen(function* () {
    const github = yield* Sandbox
    const run = yield* launch({
      awsRegion: "eu-central-1",
      provider: "bedrock",
      prNumber: 7,
      callbackUrl: "https://ai.example.test",
      extraEnv: { NODE_ENV: "test" }
    })
    const [started] = github.runs()
    assert.deepStrictEqual(run, {
      kind: "github",
      id: started?.id ?? 0,
      url: `${github.url}/acme/web/actions/runs/${started?.id}`
    })
    assert.deepStrictEqual(started?.inputs, {
      issue_id: request.issueId,
      issue_identifier: "ENG-42",
      issue_title: "Add search",
      issue_description: "By title.",
      pr_number: "7",
      provider: "bedrock",
      aws_region: "eu-central-1",
      dispatch_id: dispatchId,
      issue_url: request.issueUrl,
      comments: "",
      base_branch: "main",
      deadline_minutes: "60",
      max_turns: "",
      max_budget_usd: "",
      plan: "",
      branch: "ai-implement/eng-42-add-search",
      callback_url: "https://ai.example.test",
      session_mode: "autonomous",
      extra_env: '{"NODE_ENV":"test"}'
    })
  })
)

live(
  "undeclared inputs are named, and left out the next time",
  Effect.gen(function* () {
    const github = yield* Sandbox
    const old = { repo: "old" }
    const failure = yield* failureOf(launch(old))
    const undeclaredInputs = inputs.filter((name) => name !== "issue_id")
    assert.deepStrictEqual(failure.reason, { _tag: "Rejected", undeclaredInputs })
    assert.include(failure.message, "does not declare the inputs issue_identifier, ")
    assert.isNotNull(yield* launch({ ...old, undeclaredInputs }))
    assert.deepStrictEqual(
      github.runs().map((run) => run.inputs),
      [{ issue_id: request.issueId }]
    )
  })
)

live(
  "an older server is launched without the key that it refuses, and not asked for it again",
  Effect.gen(function* () {
    const github = yield* Sandbox
    const failure = yield* failureOf(launch())
    assert.deepStrictEqual(failure.reason, { _tag: "Rejected", undeclaredInputs: ["return_run_details"] })
    assert.include(failure.message, "this server does not take return_run_details")
    assert.isNull(yield* launch({ undeclaredInputs: ["return_run_details"] }))
    assert.isNull(yield* launch())
    assert.lengthOf(github.runs(), 2)
  }),
  { options: { server: { runDetails: false } } }
)

live(
  "a server of 10 inputs gets those that are needed most, and later launches have no more",
  Effect.gen(function* () {
    const github = yield* Sandbox
    const { reason } = yield* failureOf(launch({ prNumber: 7 }))
    if (reason._tag !== "Rejected") return assert.fail(reason._tag)
    assert.isNotNull(yield* launch({ prNumber: 7, undeclaredInputs: reason.undeclaredInputs }))
    assert.isNotNull(yield* launch({ prNumber: 7 }))
    for (const { inputs } of github.runs()) {
      assert.sameMembers(Object.keys(inputs), [
        "dispatch_id",
        "issue_id",
        "issue_identifier",
        "branch",
        "base_branch",
        "issue_title",
        "issue_description",
        "pr_number",
        "session_mode",
        "provider"
      ])
    }
    assert.lengthOf(github.runs(), 2)
  }),
  { options: { server: { maxInputs: 10 } } }
)

const faults: ReadonlyArray<
  readonly [what: string, action: Action, reason: UpstreamReason, started: number]
> = [
  ...launchFaults,
  [
    "limited",
    { _tag: "status", status: 403, headers: { "retry-after": "1" } },
    { _tag: "RateLimited", retryAfter: 1 },
    0
  ],
  [
    "not authorized",
    { _tag: "status", status: 401, body: { message: "Bad credentials" } },
    { _tag: "Unauthorized" },
    0
  ]
]

for (const [what, action, reason, started] of faults) {
  live(
    `a launch that was ${what} is sent once and is ${reason._tag}`,
    Effect.gen(function* () {
      const github = yield* Sandbox
      github.control.failNext({ match, action })
      assert.deepStrictEqual(yield* reasonOf(launch()), reason)
      assert.lengthOf(
        (yield* asked).filter((operation) => operation?.includes(match)),
        1
      )
      assert.lengthOf(github.runs(), started)
      const found = yield* (yield* WorkflowRuns).find({
        place,
        dispatchId: StoredDispatchId.make(dispatchId),
        since: yield* aWhileAgo
      })
      assert.lengthOf(found, started)
    }),
    { launchTimeout: "1 second" }
  )
}

live(
  "a token that is refused for a launch is dropped, so the next launch has a new one",
  Effect.gen(function* () {
    const github = yield* Sandbox
    yield* launch()
    github.revokeTokens()
    yield* asked
    assert.deepStrictEqual(yield* reasonOf(launch()), { _tag: "Unauthorized" })
    assert.deepStrictEqual(yield* asked, [`actions/${match}`])
    yield* launch()
    assert.lengthOf(github.runs(), 2)
  })
)

live(
  "proceed is asked once, when the token is at hand",
  Effect.gen(function* () {
    const { control } = yield* Sandbox
    const seen: Array<ReadonlyArray<string | null>> = []
    const proceed = Effect.sync(() => {
      seen.push(control.calls().map(({ operation }) => operation))
      return true
    })
    yield* launch({ proceed })
    assert.deepStrictEqual(seen, [["apps/get-repo-installation", "apps/create-installation-access-token"]])
  })
)

live(
  "refusals say what to correct",
  Effect.gen(function* () {
    const missing = yield* failureOf(launch({ workflowFile: "none.yml" }))
    assert.strictEqual(
      missing.message,
      "GitHub refused to start none.yml on main of acme/web for ENG-42: there is no workflow file none.yml on the default branch of acme/web, or the App may not see it; add it or correct the mapping."
    )
    const ref = yield* failureOf(launch({ ref: "gone" }))
    assert.strictEqual(
      ref.message,
      "GitHub refused to start ai-implement.yml on gone of acme/web for ENG-42: no ref found for: gone. Nothing was changed."
    )
    const uninstalled = yield* failureOf(launch({ owner: "other" }))
    assert.include(uninstalled.message, "the App is not installed on other/web")
  })
)

live(
  "a refusal repeats no value of extraEnv, even where it equals what we may show",
  Effect.gen(function* () {
    const { control } = yield* Sandbox
    const refuse = (message: string) =>
      control.failNext({ match, action: { _tag: "status", status: 422, body: { message } } })
    const extraEnv = { PIN: "4711", PASSWORD: "main" }
    refuse("You may only define up to 4711 `inputs` for a `workflow_dispatch` event")
    assert.include((yield* failureOf(launch({ extraEnv }))).message, "define up to … `inputs`")
    refuse("No ref found for: main")
    assert.include((yield* failureOf(launch({ extraEnv }))).message, "no ref found for: ….")
  })
)

live(
  "a permission that the App lacks is named",
  Effect.gen(function* () {
    const failure = yield* failureOf(launch())
    assert.strictEqual(failure.reason._tag, "Rejected")
    assert.include(
      failure.message,
      "with actions: write, contents: read, metadata: read, pull_requests: read"
    )
    assert.include(failure.message, "the permissions requested are not granted to this installation")
  }),
  {
    options: {
      apps: [{ appId: 7, key: publicKey, permissions: { actions: "read", contents: "read" } }]
    }
  }
)

live(
  "what is too large to be cut is refused before it is sent",
  Effect.gen(function* () {
    const result = yield* Effect.result(launch({ extraEnv: { HUGE: "x".repeat(60_000) } }))
    assert.isTrue(Result.isFailure(result) && result.failure.reason._tag === "Rejected")
    assert.deepStrictEqual(yield* asked, [])
  })
)

live(
  "one slot is enough for a launch and for what it needs before",
  Effect.gen(function* () {
    const github = yield* Sandbox
    yield* Effect.all([launch(), launch(), launch({ repo: "api" })], { concurrency: 3 })
    assert.lengthOf(github.runs(), 3)
  }),
  { limits: { concurrent: 1, points: 900, launches: 80 } }
)
