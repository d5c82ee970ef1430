import { assert, describe, it } from "@effect/vitest"
import { inspect, readHeader, type TemplateFile, withHeader } from "../../../src/runner/templates/header.ts"

const written = (text: string, { name = "implement", version = "1.0.0" } = {}) =>
  withHeader({ name, version, comment: "#", text })

const file = (content: string): TemplateFile => ({
  path: ".github/workflows/x.yml",
  content,
  seeded: false
})

const current = file(written("name: x\non: push\n", { version: "1.1.0" }))

describe("the header of a template", () => {
  it("names the template, its version and the digest of the rest", () => {
    const content = written("name: x\n")
    assert.match(content, /^# ai-implement-template: implement 1\.0\.0 sha256:[0-9a-f]{64}\nname: x\n$/)
    assert.deepInclude(readHeader(content), { name: "implement", version: "1.0.0", intact: true })
  })

  it("stands behind the first line of a prompt", () => {
    const content = withHeader({
      name: "workflow",
      version: "1.0.0",
      comment: "#",
      text: "---\n---\nx",
      after: 1
    })
    assert.match(content, /^---\n# ai-implement-template: workflow /)
    assert.isTrue(readHeader(content)?.intact)
  })

  it("is not looked for in the rest of a file", () => {
    assert.isNull(readHeader(`a\nb\nc\n${written("x")}`))
  })
})

describe("an installed template", () => {
  it.each<readonly [string, string | null, string]>([
    ["no file", null, "missing"],
    ["the same file", current.content, "current"],
    ["the same text of another version", written("name: x\non: push\n"), "current"],
    ["the same file with Windows line ends", current.content.replaceAll("\n", "\r\n"), "current"],
    ["the same file with a byte order mark", `\uFEFF${current.content}`, "current"],
    ["another text of the same template", written("name: old\n"), "older"],
    [
      "another text of the same template, of a newer version",
      written("name: new\n", { version: "9.0.0" }),
      "older"
    ],
    ["a changed line", current.content.replace("on: push", "on: pull_request"), "modified"],
    ["a line at the end", `${current.content}# mine\n`, "modified"],
    ["an older file with a changed line", written("name: old\n").replace("old", "mine"), "modified"],
    ["a header with another digest", current.content.replace(/[0-9a-f]{64}/, "0".repeat(64)), "modified"],
    ["another of our templates", written("name: x\n", { name: "plan" }), "modified"],
    ["a file without a header", "name: x\non: push\n", "foreign"],
    ["a header that was cut", current.content.replace(/ sha256:\S+/, ""), "foreign"],
    ["an empty file", "", "foreign"]
  ])("%s", (_, installed, expected) => {
    assert.strictEqual(inspect(installed, current), expected)
  })
})
