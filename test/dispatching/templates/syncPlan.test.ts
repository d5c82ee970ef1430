import { assert, describe, it } from "@effect/vitest"
import { defaultBranchNote, planSync, syncText } from "../../../src/dispatching/templates/syncPlan.ts"
import { render } from "../../../src/runner/templates/render.ts"
import { mapping } from "../../support/builders.ts"

const mappings = [mapping({ planningEnabled: true })]

const rendered = (version: string) =>
  render({
    mappings,
    callbackUrl: "https://ai.test",
    forwardComments: false,
    runner: { version, content: `console.log("${version}")\n` }
  })

const current = rendered("1.2.3")
const implement = ".github/workflows/claude-implement.yml"
const plan = ".github/workflows/claude-plan.yml"

const installed = (version: string, changes: Readonly<Record<string, string | null>> = {}) => {
  const files = new Map(rendered(version).map(({ content, path }) => [path, content]))
  for (const [path, content] of Object.entries(changes)) {
    if (content === null) files.delete(path)
    else files.set(path, content)
  }
  return files
}

const written = (files: ReadonlyMap<string, string>) =>
  planSync(current, files, mappings).write.map(({ file: { path }, was }) => [path, was])

describe("the plan of a sync", () => {
  it("adds every file to a repository that has none", () => {
    assert.deepStrictEqual(
      written(new Map()),
      current.map(({ path }) => [path, "missing"])
    )
  })

  it("is empty for a repository that has them", () => {
    assert.deepStrictEqual(planSync(current, installed("1.2.3"), mappings), { write: [], leftAlone: [] })
  })

  it("replaces the files of another version, and leaves the prompts", () => {
    assert.deepStrictEqual(
      written(installed("1.2.2")).filter(([path = ""]) => path.endsWith(".md")),
      []
    )
    assert.deepInclude(written(installed("1.2.2")), [".github/ai-implement/runner.mjs", "older"])
  })

  it("replaces a file that someone changed, and names it so", () => {
    const changed = `${installed("1.2.3").get(implement) ?? ""}# mine\n`
    assert.deepStrictEqual(written(installed("1.2.3", { [implement]: changed })), [[implement, "modified"]])
  })

  it("never touches a file without our header, and proposes another name for it", () => {
    const { leftAlone, write } = planSync(
      current,
      installed("1.2.3", { [implement]: "name: Mine", [plan]: "name: Mine too" }),
      mappings
    )
    assert.deepStrictEqual(write, [])
    assert.deepStrictEqual(leftAlone, [
      { path: implement, workflowFile: "ai-implement.yml" },
      { path: plan, workflowFile: "ai-implement-plan.yml" }
    ])
  })

  it("does not propose the name that is taken, nor a name where none helps", () => {
    const taken = [mapping({ planningEnabled: false, workflowFile: "ai-implement.yml" })]
    const path = ".github/workflows/ai-implement.yml"
    const templates = render({
      mappings: taken,
      callbackUrl: null,
      forwardComments: false,
      runner: { version: "1.2.3", content: "" }
    })
    const files = new Map([
      [path, "name: Mine"],
      [".github/ai-implement/runner.mjs", "mine"]
    ])
    assert.deepStrictEqual(planSync(templates, files, taken).leftAlone, [
      { path, workflowFile: "ai-implement-2.yml" },
      { path: ".github/ai-implement/runner.mjs", workflowFile: null }
    ])
  })

  it("adds a prompt only where it is missing", () => {
    assert.deepStrictEqual(written(installed("1.2.3", { "WORKFLOW.md": null })), [["WORKFLOW.md", "missing"]])
    assert.deepStrictEqual(written(installed("1.2.3", { "WORKFLOW.md": "Do it." })), [])
  })
})

describe("the pull request of a sync", () => {
  const text = (files: ReadonlyMap<string, string>, host = "main") =>
    syncText(planSync(current, files, mappings), { defaultBranch: { base: "main", host }, version: "1.2.3" })

  it("lists what it adds, updates and replaces, and what it leaves alone", () => {
    const changed = `${installed("1.2.2").get(plan) ?? ""}# mine\n`
    const { body, title } = text(
      installed("1.2.2", { [implement]: "name: Mine", [plan]: changed, "WORKFLOW.md": null })
    )
    assert.include(title, "1.2.3")
    assert.include(body, "Added:\n\n- `WORKFLOW.md`")
    assert.include(body, "Updated:\n\n- `.github/ai-implement/runner.mjs`")
    assert.include(body, `Replaced, although someone changed it here:\n\n- \`${plan}\``)
    assert.include(body, `Not changed, because AI-Implement did not write them:\n\n- \`${implement}\``)
  })

  it("says that GitHub lists workflows only of the default branch", () => {
    assert.include(text(new Map(), "develop").body, "The repository's default branch is develop")
    assert.isNull(defaultBranchNote({ base: "main", host: "main" }))
  })
})
