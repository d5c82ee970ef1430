import { assert, describe, it } from "@effect/vitest"
import { parse } from "yaml"
import { inspect, readHeader } from "../../../src/runner/templates/header.ts"
import { render, type TemplateSettings } from "../../../src/runner/templates/render.ts"

type Mapping = TemplateSettings["mappings"][number]

const mapping: Mapping = {
  workflowFile: "claude-implement.yml",
  planningEnabled: true,
  planningWorkflowFile: "claude-plan.yml",
  provider: "anthropic"
}

const settings: TemplateSettings = {
  mappings: [mapping],
  callbackUrl: "https://ai.example.com",
  forwardComments: true,
  runner: { version: "1.2.3", content: "console.log('runner')\n" }
}

const pathsOf = (given: Partial<TemplateSettings> = {}) =>
  render({ ...settings, ...given }).map(({ path }) => path)

const textOf = (path: string, given: Partial<TemplateSettings> = {}) =>
  render({ ...settings, ...given }).find((file) => file.path === path)?.content ?? ""

interface Workflow {
  readonly jobs: Record<
    string,
    { readonly permissions?: unknown; readonly steps?: ReadonlyArray<{ readonly env?: object }> }
  >
}

const workflowOf = (file: string, given: Partial<TemplateSettings> = {}): Workflow =>
  parse(textOf(`.github/workflows/${file}`, given))

const permissionsOf = (file: string, given: Partial<TemplateSettings> = {}) =>
  Object.fromEntries(
    Object.entries(workflowOf(file, given).jobs).map(([job, { permissions }]) => [job, permissions])
  )

const bedrock: Partial<TemplateSettings> = { mappings: [{ ...mapping, provider: "bedrock" }] }
const noCallback: Partial<TemplateSettings> = { callbackUrl: null }

describe("the files of a repository", () => {
  it("are the workflows, the program and the prompts", () => {
    assert.deepStrictEqual(pathsOf(), [
      ".github/workflows/claude-implement.yml",
      ".github/workflows/claude-plan.yml",
      ".github/workflows/ai-implement-report.yml",
      ".github/workflows/ai-implement-comment.yml",
      ".github/ai-implement/runner.mjs",
      "WORKFLOW.md",
      "PLANNING.md"
    ])
  })

  it.each<readonly [string, Partial<TemplateSettings>, string]>([
    [
      "planning is off",
      { mappings: [{ ...mapping, planningEnabled: false }] },
      ".github/workflows/claude-plan.yml"
    ],
    ["planning is off, the prompt", { mappings: [{ ...mapping, planningEnabled: false }] }, "PLANNING.md"],
    ["a webhook forwards comments", { forwardComments: false }, ".github/workflows/ai-implement-comment.yml"],
    ["there is no callback", noCallback, ".github/workflows/ai-implement-comment.yml"]
  ])("one is left out where %s", (_, given, path) => {
    assert.include(pathsOf(), path)
    assert.notInclude(pathsOf(given), path)
  })

  it("the workflow files have the names of the mappings, each once", () => {
    const paths = pathsOf({
      mappings: [
        mapping,
        { ...mapping, workflowFile: "other.yml" },
        { ...mapping, planningWorkflowFile: "other-plan.yaml" }
      ]
    })
    assert.includeMembers(paths, [
      ".github/workflows/claude-implement.yml",
      ".github/workflows/other.yml",
      ".github/workflows/claude-plan.yml",
      ".github/workflows/other-plan.yaml"
    ])
    assert.lengthOf(new Set(paths), paths.length)
  })

  it("a file that two phases share belongs to the implementation", () => {
    const given = { mappings: [{ ...mapping, planningWorkflowFile: "claude-implement.yml" }] }
    assert.strictEqual(readHeader(textOf(".github/workflows/claude-implement.yml", given))?.name, "implement")
    assert.notInclude(pathsOf(given), "PLANNING.md")
  })

  it("a mapping that dispatches to the report workflow does not replace it", () => {
    const given = { mappings: [{ ...mapping, workflowFile: "ai-implement-report.yml" }] }
    assert.strictEqual(readHeader(textOf(".github/workflows/ai-implement-report.yml", given))?.name, "report")
  })

  it("only the prompts are seeded", () => {
    const seeded = render(settings).flatMap((file) => (file.seeded ? [file.path] : []))
    assert.deepStrictEqual(seeded, ["WORKFLOW.md", "PLANNING.md"])
  })

  it("each carries an intact header with the version, and is current where it is installed unchanged", () => {
    for (const file of render(settings)) {
      assert.deepInclude(readHeader(file.content), { version: "1.2.3", intact: true }, file.path)
      assert.strictEqual(inspect(file.content, file), "current")
    }
  })

  it("the program is carried unchanged behind its header", () => {
    assert.strictEqual(
      textOf(".github/ai-implement/runner.mjs").split("\n").slice(1).join("\n"),
      settings.runner.content
    )
  })

  it("the prompts have front matter that sets nothing until someone edits it", () => {
    for (const path of ["WORKFLOW.md", "PLANNING.md"]) {
      const [before, frontMatter = ""] = textOf(path).split("---\n")
      assert.strictEqual(before, "")
      assert.isNull(parse(frontMatter))
      const edited = parse(frontMatter.replaceAll(/^# ([a-z_]+: )/gm, "$1").replace(/^ai-implement.*$/m, ""))
      assert.includeMembers(Object.keys(edited), ["model", "effort", "max_turns", "max_budget_usd", "setup"])
    }
  })
})

describe("the permissions of a workflow", () => {
  const read = { contents: "read" }
  const identified = { contents: "read", "id-token": "write" }

  it.each<readonly [string, string, Partial<TemplateSettings>, unknown]>([
    [
      "an implementation",
      "claude-implement.yml",
      {},
      { begin: identified, agent: read, publish: identified }
    ],
    ["a plan", "claude-plan.yml", {}, { begin: identified, agent: read, publish: identified }],
    [
      "an implementation without a callback",
      "claude-implement.yml",
      noCallback,
      { begin: read, agent: read, publish: { contents: "write", "pull-requests": "write" } }
    ],
    ["a plan without a callback", "claude-plan.yml", noCallback, { begin: read, agent: read, publish: read }],
    [
      "an implementation with Bedrock",
      "claude-implement.yml",
      bedrock,
      { begin: identified, agent: identified, publish: identified }
    ],
    ["a comment", "ai-implement-comment.yml", {}, { comment: identified }],
    ["the report, which has those of its caller", "ai-implement-report.yml", {}, { report: undefined }]
  ])("%s", (_, file, given, expected) => {
    assert.deepStrictEqual(permissionsOf(file, given), expected)
  })

  it.each(["claude-implement.yml", "claude-plan.yml", "ai-implement-comment.yml"])(
    "%s grants nothing outside its jobs",
    (file) => {
      assert.deepInclude(parse(textOf(`.github/workflows/${file}`)), { permissions: {} })
    }
  )
})

describe("the credentials of a workflow", () => {
  const secretsOf = (file: string, given: Partial<TemplateSettings> = {}) =>
    [...textOf(`.github/workflows/${file}`, given).matchAll(/secrets\.([A-Z_]+)/g)].map(
      ([, name = ""]) => name
    )

  it.each<readonly [string, string, Partial<TemplateSettings>, ReadonlyArray<string>]>([
    ["Anthropic", "claude-implement.yml", {}, ["CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_API_KEY"]],
    ["Bedrock", "claude-implement.yml", bedrock, ["AWS_BEARER_TOKEN_BEDROCK"]],
    [
      "both",
      "claude-implement.yml",
      { mappings: [mapping, { ...mapping, provider: "bedrock" }] },
      ["AWS_BEARER_TOKEN_BEDROCK", "CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_API_KEY"]
    ],
    [
      "a pull request without a callback",
      "claude-implement.yml",
      noCallback,
      ["CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_API_KEY", "AI_IMPLEMENT_TOKEN"]
    ],
    ["a report", "ai-implement-report.yml", {}, []],
    ["a report without a callback", "ai-implement-report.yml", noCallback, ["AI_IMPLEMENT_TOKEN"]]
  ])("%s", (_, file, given, expected) => {
    assert.deepStrictEqual(secretsOf(file, given), [...expected])
  })

  it("only one step of the agent's job has them", () => {
    const steps = workflowOf("claude-implement.yml").jobs["agent"]?.steps ?? []
    const holding = steps.filter((step) => JSON.stringify(step).includes("secrets."))
    assert.lengthOf(holding, 1)
  })

  it("none are inherited", () => {
    for (const given of [{}, noCallback, bedrock]) {
      for (const { content } of render({ ...settings, ...given }))
        assert.notMatch(content, /secrets: inherit/)
    }
  })
})
