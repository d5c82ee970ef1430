import { assert, describe, it } from "@effect/vitest"
import { workflowInputs } from "../../../src/domain/WorkflowInputs.ts"
import { assess, type Wanted } from "../../../src/dispatching/readiness/assess.ts"
import type { MachineFacts } from "../../../src/dispatching/readiness/assessMachines.ts"
import type { Inspection } from "../../../src/upstreams/CodeHost.ts"
import { mapping } from "../../support/builders.ts"

type Seen = Extract<Inspection, { readonly _tag: "Seen" }>

const file = (inputs: ReadonlyArray<string>, more = "") =>
  [
    "run-name: ${{ inputs.dispatch_id }}",
    "on:",
    "  workflow_dispatch:",
    "    inputs:",
    ...inputs.map((input) => `      ${input}: { required: false }`),
    "jobs:",
    "  agent:",
    "    steps: []",
    more
  ].join("\n")

const workflow = (name: string, text: string | null) => ({ path: `.github/workflows/${name}`, text })
const implement = workflow("claude-implement.yml", file(workflowInputs.implementation))
const plan = workflow("claude-plan.yml", file(workflowInputs.planning))
const report = workflow("ai-implement-report.yml", "on: workflow_call")

const seen = (changes: Partial<Seen> = {}): Seen => ({
  _tag: "Seen",
  id: 7,
  archived: false,
  permissions: { actions: "write", contents: "write", pull_requests: "write" },
  branch: true,
  files: [implement, plan, report],
  workflows: { "claude-implement.yml": "active", "claude-plan.yml": "active" },
  secrets: ["ANTHROPIC_API_KEY"],
  ...changes
})

const wanted = (changes: Partial<Wanted> = {}): Wanted => ({
  mapping: mapping({ planningEnabled: true }),
  executionMode: "github-actions",
  callback: true,
  ...changes
})

const machines = (changes: Partial<MachineFacts> = {}): MachineFacts => ({
  missing: [],
  app: "sessions",
  refusal: null,
  fault: null,
  ...changes
})

const onFly = wanted({ executionMode: "fly-machines" })
const withFile = (text: string, more: Partial<Seen> = {}) =>
  seen({ files: [workflow("claude-implement.yml", text), plan, report], ...more })

describe("a mapping", () => {
  it("is ready when its repository has all that its dispatches need", () => {
    const { checks, ...rest } = assess(wanted(), seen(), null)
    assert.deepStrictEqual(
      checks.filter(({ ok }) => !ok),
      []
    )
    assert.deepStrictEqual(rest, {
      repositoryId: 7,
      problems: [],
      undeclaredInputs: { planning: [], implementation: [] }
    })
  })

  it("on Fly needs no workflow for its implementations, and secrets only for its plans", () => {
    const bare = wanted({ executionMode: "fly-machines", mapping: mapping() })
    const { checks, problems } = assess(bare, seen({ files: [], workflows: {}, secrets: [] }), machines())
    assert.deepStrictEqual(problems, [])
    assert.sameMembers(
      checks.map(({ name }) => name),
      ["GitHub App", "Repository", "Branch", "Session machines", "Machine permissions"]
    )
  })
})

type Row = [
  sentence: string,
  given: [wanted: Wanted, inspection: Inspection, machines?: MachineFacts],
  problems: Array<[phase: "planning" | "implementation" | null, tag: string]>
]

const rows: ReadonlyArray<Row> = [
  ["an App that is not installed", [wanted(), { _tag: "NotInstalled" }], [[null, "app_not_installed"]]],
  ["a suspended installation", [wanted(), { _tag: "Suspended" }], [[null, "app_suspended"]]],
  [
    "a permission",
    [wanted(), { _tag: "Forbidden", missing: ["actions: write"] }],
    [[null, "permission_missing"]]
  ],
  ["GitHub's refusal", [wanted(), { _tag: "Refused", message: "No." }], [[null, "repository_refused"]]],
  ["an archived repository", [wanted(), seen({ archived: true })], [[null, "repository_archived"]]],
  ["a branch", [wanted(), seen({ branch: false, files: [] })], [[null, "branch_missing"]]],
  [
    "the workflow of implementations",
    [wanted(), seen({ files: [plan, report] })],
    [["implementation", "workflow_missing"]]
  ],
  [
    "the workflow of plans",
    [wanted(), seen({ files: [implement, report] })],
    [["planning", "workflow_missing"]]
  ],
  [
    "a workflow that only another branch has",
    [wanted(), seen({ workflows: { "claude-implement.yml": "active", "claude-plan.yml": "missing" } })],
    [["planning", "workflow_missing"]]
  ],
  [
    "a disabled workflow",
    [wanted(), seen({ workflows: { "claude-implement.yml": "disabled", "claude-plan.yml": "active" } })],
    [["implementation", "workflow_disabled"]]
  ],
  ["a file that is no workflow", [wanted(), withFile("on: [")], [["implementation", "workflow_broken"]]],
  [
    "a trigger",
    [wanted(), withFile("on: push\njobs: {}")],
    [["implementation", "workflow_not_dispatchable"]]
  ],
  [
    "an input that is never sent",
    [wanted(), withFile(`${file([])}\n`.replace("inputs:", "inputs:\n      colour: { required: true }"))],
    [["implementation", "workflow_input_required"]]
  ],
  [
    "a text for an input of another type",
    [
      wanted(),
      withFile(file([...workflowInputs.implementation]).replace("plan: {", "plan: { type: boolean,"))
    ],
    [["implementation", "workflow_input_type"]]
  ],
  [
    "the report workflow that its own calls",
    [
      wanted(),
      seen({
        files: [
          workflow(
            "claude-implement.yml",
            file([], "  end: { uses: ./.github/workflows/ai-implement-report.yml }")
          ),
          plan
        ]
      })
    ],
    [["implementation", "report_workflow_missing"]]
  ],
  [
    "settings of the machines",
    [onFly, seen(), machines({ missing: ["SESSION_IMAGE"] })],
    [["implementation", "not_configured"]]
  ],
  [
    "the app of the machines",
    [onFly, seen(), machines({ refusal: "No such app." })],
    [["implementation", "fly_app_refused"]]
  ],
  [
    "what a machine's token needs",
    [onFly, seen({ permissions: { actions: "write", contents: "read", pull_requests: "read" } }), machines()],
    [["implementation", "permission_missing"]]
  ]
]

describe("a dispatch would be refused for want of", () => {
  for (const [sentence, [wanted, inspection, facts = null], problems] of rows) {
    it(sentence, () => {
      const found = assess(wanted, inspection, facts)
      assert.deepStrictEqual(
        found.problems.map(({ _tag, phase }) => [phase, _tag]),
        problems
      )
      for (const { message } of found.problems) {
        const [failed] = found.checks.filter(
          ({ fix, ok, message: said }) => !ok && message === `${said} ${fix}`
        )
        assert.isDefined(failed, message)
      }
    })
  }
})

type Hint = [sentence: string, wanted: Wanted, inspection: Seen, failing: ReadonlyArray<string>]

const hints: ReadonlyArray<Hint> = [
  ["no secret of the provider", wanted(), seen({ secrets: ["OTHER"] }), ["Secrets"]],
  ["secrets that may not be listed", wanted(), seen({ secrets: null }), []],
  [
    "Bedrock without a listed role",
    wanted({ mapping: mapping({ provider: "bedrock" }) }),
    seen({ secrets: [] }),
    []
  ],
  ["a missing report workflow", wanted(), seen({ files: [implement, plan] }), ["Report workflow"]],
  ["the same without a public address", wanted({ callback: false }), seen({ files: [implement, plan] }), []],
  [
    "an action that refuses bots",
    wanted(),
    withFile(
      file(workflowInputs.implementation).replace("[]", "[{ uses: anthropics/claude-code-action@v1 }]")
    ),
    ["Bots in claude-implement.yml"]
  ],
  [
    "a run-name without the dispatch id",
    wanted(),
    withFile(file(workflowInputs.implementation).replace("inputs.dispatch_id", "inputs.branch")),
    ["Name of claude-implement.yml"]
  ],
  [
    "no input for the dispatch id",
    wanted(),
    withFile(file(["issue_id"])),
    ["Inputs of claude-implement.yml"]
  ],
  [
    "no input for the branch",
    wanted(),
    withFile(file(workflowInputs.implementation.filter((name) => name !== "branch"))),
    []
  ],
  [
    "a workflow too large to look into",
    wanted(),
    seen({ files: [workflow("claude-implement.yml", null), plan, report] }),
    []
  ]
]

describe("a dispatch is made in spite of", () => {
  for (const [sentence, wanted, inspection, failing] of hints) {
    it(sentence, () => {
      const { checks, problems } = assess(wanted, inspection, null)
      assert.deepStrictEqual(problems, [])
      assert.deepStrictEqual(
        checks.filter(({ ok }) => !ok).map(({ name }) => name),
        failing
      )
    })
  }
})

describe("inputs that are left out", () => {
  it("are those that the workflow of the phase does not declare", () => {
    const { undeclaredInputs } = assess(wanted(), withFile(file(["issue_id", "dispatch_id", "branch"])), null)
    assert.deepStrictEqual(undeclaredInputs, {
      planning: [],
      implementation: workflowInputs.implementation.filter(
        (name) => !["issue_id", "dispatch_id", "branch"].includes(name)
      )
    })
  })

  it("name the run-name too when it does not carry the dispatch id", () => {
    const text = file(workflowInputs.implementation).replace("inputs.dispatch_id", "inputs.branch")
    assert.deepStrictEqual(assess(wanted(), withFile(text), null).undeclaredInputs.implementation, [
      "run-name"
    ])
  })

  it("are not guessed when the file cannot be read", () => {
    const unread = seen({ files: [workflow("claude-implement.yml", null), plan, report] })
    assert.deepStrictEqual(assess(wanted(), unread, null).undeclaredInputs.implementation, [])
  })
})
