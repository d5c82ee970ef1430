import { assert, describe, it } from "@effect/vitest"
import { parse } from "yaml"
import { workflowInputs } from "../../../src/domain/WorkflowInputs.ts"
import { actions } from "../../../src/runner/templates/actions.ts"
import { render, type TemplateSettings } from "../../../src/runner/templates/render.ts"
import { parseWorkflow } from "../../../src/dispatching/readiness/workflowFile.ts"
import { lint } from "../../support/workflowLint.ts"

const anthropic = {
  workflowFile: "claude-implement.yml",
  planningEnabled: true,
  planningWorkflowFile: "claude-plan.yml",
  provider: "anthropic"
} as const

const settings: TemplateSettings = {
  mappings: [anthropic],
  callbackUrl: 'https://ai.example.com/it\'s "quoted"',
  forwardComments: true,
  runner: { version: "1.2.3", content: "" }
}

const variants: ReadonlyArray<readonly [string, TemplateSettings]> = [
  ["with a callback", settings],
  ["without a callback", { ...settings, callbackUrl: null }],
  ["with Bedrock", { ...settings, mappings: [{ ...anthropic, provider: "bedrock" }] }],
  [
    "with both providers, without a callback",
    { ...settings, callbackUrl: null, mappings: [anthropic, { ...anthropic, provider: "bedrock" }] }
  ]
]

const filesOf = (given: TemplateSettings) =>
  new Map(
    render(given).flatMap(({ content, path }) => (path.endsWith(".yml") ? [[path, content] as const] : []))
  )

const implement = ".github/workflows/claude-implement.yml"
const plan = ".github/workflows/claude-plan.yml"
const report = ".github/workflows/ai-implement-report.yml"

interface Step {
  readonly if?: string
  readonly uses?: string | undefined
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

const stepsOf = (text: string): ReadonlyArray<Step> => {
  const { jobs }: { jobs: Record<string, { steps?: ReadonlyArray<Step> }> } = parse(text)
  return Object.values(jobs).flatMap(({ steps }) => steps ?? [])
}

describe.each(variants)("the workflow files %s", (_, given) => {
  const files = filesOf(given)

  it.each([...files.keys()])("%s passes GitHub's language service", async (path) => {
    assert.deepStrictEqual(await lint(path, files.get(path) ?? "", files), [])
  })

  it("run nothing that an expression writes", () => {
    for (const [path, text] of files) {
      for (const { run } of stepsOf(text)) assert.notInclude(run ?? "", "${{", path)
    }
  })

  it("use only pinned actions, and their own report workflow", () => {
    const pinned: ReadonlyArray<string> = Object.values(actions)
    for (const [path, text] of files) {
      for (const [, uses = ""] of text.matchAll(/\buses: (.*)$/gm)) {
        assert.include([...pinned, `./${report}`], uses, path)
        if (uses !== `./${report}`) assert.match(uses, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
      }
    }
  })

  it("leave no credentials in a checkout", () => {
    for (const text of files.values()) {
      const checkouts = stepsOf(text).filter(({ uses }) => uses?.startsWith("actions/checkout@"))
      for (const step of checkouts) assert.isFalse(step.with?.["persist-credentials"])
    }
  })

  it("run on what the variable of the repository names", () => {
    for (const text of files.values()) {
      for (const [, runsOn = ""] of text.matchAll(/runs-on: (.*)$/gm)) {
        assert.strictEqual(runsOn, `\${{ fromJSON(vars.AI_IMPLEMENT_RUNS_ON || '"ubuntu-latest"') }}`)
      }
    }
  })
})

describe("the inputs of a workflow", () => {
  it.each([
    ["implementation", implement],
    ["planning", plan]
  ] as const)("of the %s are exactly those that a dispatch sends", (phase, path) => {
    const text = filesOf(settings).get(path) ?? ""
    const {
      on
    }: { on: { workflow_dispatch: { inputs: Record<string, { description: string; required: boolean }> } } } =
      parse(text)
    const { inputs } = on.workflow_dispatch
    assert.sameMembers(Object.keys(inputs), [...workflowInputs[phase]])
    assert.isAtMost(Object.keys(inputs).length, 25)
    for (const [name, input] of Object.entries(inputs)) {
      assert.isFalse(input.required)
      assert.notStrictEqual(input.description, name.replaceAll("_", " "), `${name} has no description`)
    }
  })

  it.each([implement, plan])("of %s satisfy the readiness of a repository", (path) => {
    const parsed = parseWorkflow(filesOf(settings).get(path) ?? "")
    assert.deepInclude(parsed, {
      _tag: "Workflow",
      dispatchable: true,
      named: true,
      reports: true,
      refusesBots: false
    })
  })
})

describe("a run", () => {
  it.each([implement, plan])("of %s waits for an earlier run of its issue", (path) => {
    assert.deepInclude(parse(filesOf(settings).get(path) ?? ""), {
      "run-name": "${{ inputs.issue_identifier }} ${{ inputs.dispatch_id }}",
      concurrency: { group: "ai-implement-${{ inputs.issue_id }}", "cancel-in-progress": false }
    })
  })

  it("publishes after a failed agent, unless its claim was refused", () => {
    const { jobs } = parse(filesOf(settings).get(implement) ?? "")
    assert.strictEqual(jobs.agent.if, "needs.begin.outputs.claimed == 'true'")
    assert.strictEqual(jobs.publish.if, "always() && needs.begin.outputs.claimed == 'true'")
    assert.deepStrictEqual(jobs.publish.needs, ["begin", "agent"])
    assert.strictEqual(jobs.agent["timeout-minutes"], 350)
  })

  it("uploads what the agent made after a failure too", () => {
    const steps = stepsOf(filesOf(settings).get(implement) ?? "")
    assert.deepInclude(steps.at(-1), { if: "always()", uses: actions.uploadArtifact.split(" ")[0] })
  })
})

describe("the check of workflow files", () => {
  it.each<readonly [string, string, (text: string) => string]>([
    ["a job that is not there", implement, (text) => text.replace("needs: begin", "needs: beginn")],
    [
      "an output that is not there",
      implement,
      (text) => text.replace("outputs.claimed ==", "outputs.claim ==")
    ],
    [
      "a context that is not there",
      implement,
      (text) => text.replace("secrets.ANTHROPIC_API_KEY", "secret.X")
    ],
    ["a function that is not there", implement, (text) => text.replace("toJSON(inputs)", "toJson5(inputs)")],
    [
      "an input that no one declares",
      implement,
      (text) => text.replace("inputs.issue_id }}", "inputs.issue }}")
    ],
    ["an action's input that is misspelled", implement, (text) => text.replace("fetch-depth", "fetch-dept")],
    [
      "an action's input that is missing",
      implement,
      (text) => text.replace("          path: ${{ runner.temp }}/ai-implement/result\n", "")
    ],
    ["an action of another commit", implement, (text) => text.replace(/checkout@3d3c/, "checkout@0000")],
    [
      "a permission that is not there",
      implement,
      (text) => text.replace("id-token: write", "id-tokens: write")
    ],
    [
      "a permission that the report lacks",
      report,
      (text) =>
        text.replace("    timeout-minutes", "    permissions:\n      content: write\n    timeout-minutes")
    ],
    [
      "an input that the report does not take",
      implement,
      (text) => text.replace("stage: begin", "stages: begin")
    ],
    [
      "a secret that the report does not take",
      implement,
      (text) =>
        text.replace(
          "agent_result: ${{ needs.agent.result }}",
          "agent_result: x\n    secrets:\n      OTHER: x"
        )
    ],
    [
      "a missing report workflow",
      implement,
      (text) => text.replaceAll("ai-implement-report", "ai-implement-reports")
    ],
    [
      "a step that is not there",
      report,
      (text) => text.replace("steps.program.outputs.work_ref", "steps.programm.outputs.work_ref")
    ]
  ])("finds %s", async (_, path, spoil) => {
    const files = filesOf(settings)
    const text = files.get(path) ?? ""
    const spoiled = spoil(text)
    assert.notStrictEqual(spoiled, text)
    assert.isNotEmpty(await lint(path, spoiled, files))
  })
})
