import { assert, describe, it } from "@effect/vitest"
import { type JobClaims, refusedClaims } from "../../../src/dispatching/callbacks/claims.ts"
import { dispatchRow } from "../../support/builders.ts"

const claims: JobClaims = {
  repository: "acme/app",
  repository_id: "42",
  workflow_ref: "acme/app/.github/workflows/claude-implement.yml@refs/heads/main",
  job_workflow_ref: "acme/app/.github/workflows/ai-implement-report.yml@refs/heads/main",
  event_name: "workflow_dispatch",
  run_id: "7",
  jti: "one",
  exp: 0
}

const cases: ReadonlyArray<readonly [string, Partial<JobClaims>, RegExp | null]> = [
  ["of the dispatch's workflow", {}, null],
  [
    "that writes the repository in another case",
    {
      repository: "Acme/App",
      workflow_ref: "Acme/App/.github/workflows/claude-implement.yml@refs/heads/main",
      job_workflow_ref: "Acme/App/.github/workflows/ai-implement-report.yml@refs/heads/main"
    },
    null
  ],
  [
    "of another repository",
    { repository: "acme/web", repository_id: "43" },
    /another repository; this dispatch belongs to acme\/app/
  ],
  [
    "of the repository under a new name",
    {
      repository: "acme/store",
      workflow_ref: "acme/store/.github/workflows/claude-implement.yml@refs/heads/main",
      job_workflow_ref: "acme/store/.github/workflows/ai-implement-report.yml@refs/heads/main"
    },
    null
  ],
  ["of a workflow in another repository than its own", { repository: "acme/web" }, /another workflow/],
  ["of a repository that had the name before", { repository_id: "41" }, /had the name acme\/app/],
  ["of a push", { event_name: "push" }, /event is not workflow_dispatch/],
  [
    "of another workflow of the repository",
    { workflow_ref: "acme/app/.github/workflows/ci.yml@refs/heads/main" },
    /another workflow; this dispatch runs claude-implement.yml on main/
  ],
  [
    "of the workflow as another branch has it",
    { workflow_ref: "acme/app/.github/workflows/claude-implement.yml@refs/heads/evil" },
    /another workflow/
  ],
  [
    "of the workflow as a tag of the same name has it",
    { workflow_ref: "acme/app/.github/workflows/claude-implement.yml@refs/tags/main" },
    /another workflow/
  ],
  [
    "of a repository whose name only begins alike",
    { workflow_ref: "acme/app2/.github/workflows/claude-implement.yml@refs/heads/main" },
    /another workflow/
  ],
  [
    "of the agent's own job",
    { job_workflow_ref: "acme/app/.github/workflows/claude-implement.yml@refs/heads/main" },
    /ai-implement-report\.yml on main; only that workflow may call/
  ],
  [
    "of a reusable workflow of another owner",
    { job_workflow_ref: "mallory/app/.github/workflows/ai-implement-report.yml@refs/heads/main" },
    /only that workflow may call/
  ],
  [
    "of the report workflow as another branch has it",
    { job_workflow_ref: "acme/app/.github/workflows/ai-implement-report.yml@refs/heads/evil" },
    /only that workflow may call/
  ]
]

describe("a job's token", () => {
  for (const [name, changes, refused] of cases) {
    it(`${name} is ${refused === null ? "taken" : "refused with the reason"}`, () => {
      const said = refusedClaims({ ...claims, ...changes }, dispatchRow(), 42)
      if (refused === null) return assert.isNull(said)
      assert.match(said ?? "", refused)
    })
  }

  it("may name its branch in full", () => {
    assert.isNull(refusedClaims(claims, dispatchRow({ ref: "refs/heads/main" }), 42))
  })
})
