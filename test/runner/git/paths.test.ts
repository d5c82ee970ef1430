import { assert, describe, it } from "@effect/vitest"
import { escapes, lfsPatterns, matcher } from "../../../src/runner/git/paths.ts"

describe("a path pattern", () => {
  it.each([
    [".github/workflows/**", ".github/workflows/a/b.yml", true],
    [".github/workflows/**", ".GitHub/Workflows/ci.yml", true],
    [".github/workflows/**", ".github/workflows-old/a.yml", false],
    ["infra", "infra/a/b.tf", true],
    ["infra/", "infra/b.tf", true],
    ["**/*.pem", "a/b/c.pem", true],
    ["**/*.pem", "c.pem", true],
    ["*.pem", "a/c.pem", false],
    ["a?c", "abc", true],
    ["a.c", "abc", false],
    ["(x)+", "(x)+", true]
  ])("%s against %s", (glob, path, expected) => {
    assert.strictEqual(matcher([glob])(path), expected)
  })
})

describe("the files of Git LFS", () => {
  it("are those that .gitattributes names", () => {
    const attributes =
      "*.psd filter=lfs diff=lfs\n# *.png filter=lfs\nassets/** filter=lfs -text\n*.md text\n"
    assert.deepStrictEqual(lfsPatterns(attributes), ["**/*.psd", "assets/**"])
  })
})

describe("a symbolic link", () => {
  it.each([
    ["a/b", "c", false],
    ["a/b", "../c", false],
    ["a/b", "../../c", true],
    ["a", "..", true],
    ["a/b/c", "../../../../etc/passwd", true],
    ["a", "/etc/passwd", true],
    ["a/b", "../.git/config", true],
    ["a", "C:\\x", true]
  ])("at %s to %s", (path, target, expected) => {
    assert.strictEqual(escapes(path, target), expected)
  })
})
