import { assert, describe, it } from "@effect/vitest"
import { type Change, maxBytes, maxFiles, refusalOf, type Work } from "../../../src/runner/publish/refusal.ts"

const change = (path: string, rest: Partial<Change> = {}): Change => ({
  path,
  mode: "100644",
  blob: path,
  isDeleted: false,
  ...rest
})

const work = (
  changes: ReadonlyArray<Change>,
  texts: Readonly<Record<string, string>> = {},
  rest: Partial<Work> = {}
): Work => ({
  descends: true,
  changes,
  changedFiles: changes.length,
  lfs: [],
  blobs: new Map(
    changes.map(({ blob }) => [blob, { bytes: texts[blob]?.length ?? 1, text: texts[blob] ?? "x" }])
  ),
  ...rest
})

const link = { mode: "120000" }

describe("what may be pushed", () => {
  it.each([
    ["a file", work([change("src/a.ts")])],
    ["an example of settings", work([change(".env.example"), change("app/.env.sample")])],
    ["a link inside the tree", work([change("docs/a", link)], { "docs/a": "../src/a.ts" })],
    ["the deletion of a secret", work([change("old.pem", { isDeleted: true, blob: "0" })])],
    ["as many files as allowed", work([change("a")], {}, { changedFiles: maxFiles })],
    [
      "code that speaks of keys",
      work([change("a")], { a: 'const prefix = "sk-ant-" // -----BEGIN PRIVATE KEY-----' })
    ],
    ["another workflow folder", work([change("docs/.github/workflows/a.yml")])]
  ])("%s", (_, given) => {
    assert.isNull(refusalOf(given, ["infra/**"]))
  })
})

describe("what is refused, with the path", () => {
  const secretOf = (text: string) => work([change("src/a.ts")], { "src/a.ts": text })
  it.each([
    ["rewritten_history", "descend", work([], {}, { descends: false })],
    ["protected_path", ".github/workflows/ci.yml", work([change(".github/workflows/ci.yml")])],
    [
      "protected_path",
      ".github/workflows/ci.yml",
      work([change(".github/workflows/ci.yml", { isDeleted: true })])
    ],
    ["protected_path", ".github/ai-implement/runner.mjs", work([change(".github/ai-implement/runner.mjs")])],
    ["protected_path", "infra/main.tf", work([change("infra/main.tf")])],
    ["submodule", "lib", work([change("lib", { mode: "160000" })])],
    ["submodule", ".gitmodules", work([change(".gitmodules")])],
    ["symlink", "a/link", work([change("a/link", link)], { "a/link": "../../etc/passwd" })],
    ["secret", "config/.env.production", work([change("config/.env.production")])],
    ["secret", "deploy.pem", work([change("deploy.pem")])],
    ["secret", "id_ed25519", work([change(".ssh/id_ed25519")])],
    ["secret", "a GitHub token in src/a.ts", secretOf(`x = "ghp_${"a".repeat(36)}"`)],
    ["secret", "an Anthropic key in src/a.ts", secretOf(`sk-ant-api03-${"a".repeat(30)}`)],
    ["secret", "a private key in src/a.ts", secretOf(`-----BEGIN RSA PRIVATE KEY-----\n${"A".repeat(64)}`)],
    ["secret", "an AWS key in src/a.ts", secretOf("AKIAIOSFODNN7EXAMPLE")],
    [
      "lfs",
      "img/a.psd",
      work([change("img/a.psd")], { "img/a.psd": "version https://git-lfs.github.com/spec/v1\noid x" })
    ],
    ["lfs", "img/b.psd", work([change("img/b.psd")], {}, { lfs: ["**/*.psd"] })],
    ["too_many_files", "400 files", work([change("a")], {}, { changedFiles: 400 })],
    [
      "too_large",
      "big.bin",
      work(
        [change("small"), change("big.bin")],
        {},
        {
          blobs: new Map([
            ["small", { bytes: 1, text: "" }],
            ["big.bin", { bytes: maxBytes, text: null }]
          ])
        }
      )
    ]
  ] as const)("%s: %s", (reason, words, given) => {
    const refused = refusalOf(given, ["infra/**"])
    assert.strictEqual(refused?.reason, reason)
    assert.include(refused?.message, words)
    assert.include(refused?.message, "Nothing was pushed.")
  })

  it("a link whose target could not be read", () => {
    const given = work([change("a", link)], {}, { blobs: new Map([["a", { bytes: 1, text: null }]]) })
    assert.strictEqual(refusalOf(given, [])?.reason, "symlink")
  })

  it("a hostile name stays inside its sentence", () => {
    const message = refusalOf(work([change('a\n"::error::.pem')]), [])?.message ?? ""
    assert.notInclude(message, "\n")
  })
})
