import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Cancellation } from "../../../src/upstreams/RunBackends.ts"
import { WorkflowRuns } from "../../../src/upstreams/RunBackends.ts"
import { cancellationIn } from "../../../src/upstreams/github/cancellation.ts"
import { type Cancelled, GitHub as Sandbox } from "../../../src/sandbox/GitHub.ts"
import { live, place, request } from "../../support/githubClient.ts"

const person = (login: string | null): Cancellation => ({ _tag: "Person", login })
const operation = "The operation was canceled."

describe("who or what cancelled a run, by the annotations of its jobs", () => {
  const table: ReadonlyArray<readonly [string, ReadonlyArray<string>, Cancellation | null]> = [
    ["a person whom GitHub names", ["The run was canceled by @octo-cat.", operation], person("octo-cat")],
    ["an App", ["The run was cancelled by @tidy[bot]."], person("tidy[bot]")],
    ["a person whom an older server does not name", [operation], person(null)],
    [
      "the time limit of a job",
      [operation, "The job has exceeded the maximum execution time of 1m0s"],
      { _tag: "TimeLimit" }
    ],
    [
      "the time limit, in the words of older servers",
      ["The job running on runner GitHub Actions 4 has exceeded the maximum execution time of 360 minutes."],
      { _tag: "TimeLimit" }
    ],
    [
      "a concurrency group",
      ["Canceling since a higher priority waiting request for 'ai-implement-i-42' exists", operation],
      { _tag: "Superseded" }
    ],
    ["nothing that GitHub names", [], null],
    ["a runner that went away", ["The runner has received a shutdown signal.", operation], null]
  ]
  for (const [name, messages, expected] of table) {
    it(name, () => assert.deepStrictEqual(cancellationIn(messages), expected))
  }
})

live(
  "who or what cancelled a run is read from its jobs; without the permission it is not known",
  Effect.gen(function* () {
    const runs = yield* WorkflowRuns
    const github = yield* Sandbox
    const run = yield* runs.launch(request)
    const cancelled = Effect.fnUntraced(function* (by: Cancelled) {
      const again = yield* runs.launch({ ...request, repo: "api" })
      if (again?.kind !== "github") return assert.fail("no run")
      yield* github.cancelRun(again.id, by)
      return yield* runs.cancellation({ place: { ...place, repo: "api" }, run: again })
    })
    const permissions = { actions: "write", contents: "read", metadata: "read", pull_requests: "read" }
    github.install({ permissions })
    assert.isNull(yield* cancelled({ by: "olga" }))
    github.install({ permissions: { ...permissions, checks: "read" } })
    assert.deepStrictEqual(yield* cancelled({ by: "olga" }), person("olga"))
    assert.deepStrictEqual(yield* cancelled("timeout"), { _tag: "TimeLimit" })
    assert.deepStrictEqual(yield* cancelled("concurrency"), { _tag: "Superseded" })
    if (run === null) return assert.fail("no run")
    yield* runs.stop({ place, run, force: true })
    assert.deepStrictEqual(yield* runs.cancellation({ place, run }), person("app-7[bot]"))
  })
)
