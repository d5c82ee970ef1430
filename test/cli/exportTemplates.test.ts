import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { exportTemplates } from "../../src/cli/exportTemplates.ts"
import { render } from "../../src/runner/templates/render.ts"
import { mapping } from "../support/builders.ts"

const rendered = (version: string) =>
  render({
    mappings: [mapping({ planningEnabled: false })],
    callbackUrl: null,
    forwardComments: false,
    runner: { version, content: version }
  })

const implement = ".github/workflows/claude-implement.yml"
const report = ".github/workflows/ai-implement-report.yml"
const runner = ".github/ai-implement/runner.mjs"

const begin = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped()
  const exported = (version: string) =>
    Effect.map(exportTemplates(rendered(version), folder), (files) =>
      Object.fromEntries(files.map(({ done, path }) => [path, done]))
    )
  const read = (path: string) => fs.readFileString(`${folder}/${path}`)
  const write = (path: string, text: string) => fs.writeFileString(`${folder}/${path}`, text)
  return { exported, folder, read, write }
})

describe("an export of the templates", () => {
  it.live("writes every file to an empty folder, and nothing when it is repeated", () =>
    Effect.gen(function* () {
      const { exported, read } = yield* begin
      assert.deepStrictEqual(yield* exported("1.2.3"), {
        [implement]: "written",
        [report]: "written",
        [runner]: "written",
        "WORKFLOW.md": "written"
      })
      for (const { content, path } of rendered("1.2.3")) assert.strictEqual(yield* read(path), content)
      const again = yield* exported("1.2.3")
      assert.deepStrictEqual([...new Set(Object.values(again))], ["unchanged"])
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it.live("replaces our files, and leaves prompts and the files of others", () =>
    Effect.gen(function* () {
      const { exported, read, write } = yield* begin
      yield* exported("1.0.0")
      yield* write(implement, "name: Mine")
      yield* write("WORKFLOW.md", "Mine.")
      assert.deepInclude(yield* exported("1.2.3"), {
        [implement]: "left alone",
        [runner]: "written",
        "WORKFLOW.md": "left alone"
      })
      assert.deepStrictEqual([yield* read(implement), yield* read("WORKFLOW.md")], ["name: Mine", "Mine."])
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it.live("writes nothing outside its folder", () =>
    Effect.gen(function* () {
      const { folder } = yield* begin
      for (const path of ["../x", "/tmp/x", "a/../../x", ""]) {
        const refused = yield* Effect.flip(exportTemplates([{ path, content: "", seeded: false }], folder))
        assert.include(refused.message, "is not a path below")
      }
    }).pipe(Effect.provide(NodeServices.layer))
  )
})
