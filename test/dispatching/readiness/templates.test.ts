import { assert, describe, it } from "@effect/vitest"
import {
  assessLfs,
  assessTemplates,
  installedTemplates,
  neededTemplates
} from "../../../src/dispatching/readiness/templates.ts"
import { render } from "../../../src/runner/templates/render.ts"
import { mapping } from "../../support/builders.ts"

const rendered = (version: string) =>
  render({
    mappings: [mapping()],
    callbackUrl: null,
    forwardComments: false,
    runner: { version, content: version }
  })
const templates = rendered("1.2.3")
const asInstalled = (version: string) =>
  rendered(version).map(({ content, path }) => ({ path, text: content }))

describe("the templates of a repository", () => {
  it("are current when a sync would change nothing", () => {
    const installed = installedTemplates("1.2.3", templates, asInstalled("1.2.3"))
    assert.deepStrictEqual(
      installed.map(({ installed, state }) => [installed, state]),
      templates.map(() => ["1.2.3", "current"])
    )
    assert.isTrue(assessTemplates(installed).check.ok)
  })

  it("of another version with another content are older, and prompts are never a problem", () => {
    const installed = installedTemplates("1.2.3", templates, asInstalled("1.0.0"))
    const { check, problem } = assessTemplates(installed)
    assert.isUndefined(problem)
    assert.include(check.message, "runner.mjs (older)")
    assert.notInclude(check.message, ".md")
  })

  it("too large to be read count as modified", () => {
    const [{ path } = { path: "" }] = templates
    const [first] = installedTemplates("1.2.3", templates, [{ path, text: null }])
    assert.deepInclude(first, { installed: null, state: "modified" })
  })

  it("that are needed without GitHub Actions are the prompts", () => {
    const wanted = {
      mapping: mapping({ planningEnabled: false }),
      executionMode: "fly-machines",
      callback: true
    } as const
    assert.deepStrictEqual(
      neededTemplates(wanted, templates).map(({ path }) => path),
      ["WORKFLOW.md"]
    )
    assert.deepStrictEqual(
      neededTemplates({ ...wanted, executionMode: "github-actions" }, templates),
      templates
    )
  })
})

describe("files in Git LFS", () => {
  const lfs = "filter=lfs diff=lfs merge=lfs -text"

  it("are named by their patterns", () => {
    const finding = assessLfs(`# *.old ${lfs}\n*.psd ${lfs}\n*.txt text\nassets/** ${lfs}\n`)
    assert.include(finding?.check.message, "*.psd, assets/** in Git LFS")
    assert.isUndefined(finding?.problem)
  })

  it("are not there without a pattern", () => {
    assert.isNull(assessLfs(null))
    assert.isNull(assessLfs(`*.txt text\n# *.psd ${lfs}\n*.bin filter=lfsx\n`))
  })

  it("are counted when there are many", () => {
    const many = Array.from({ length: 8 }, (_, nth) => `*.x${nth} ${lfs}`).join("\n")
    assert.include(assessLfs(many)?.check.message, "*.x4 and 3 more patterns in Git LFS")
  })
})
