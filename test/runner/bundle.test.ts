import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { builtinModules } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseSync } from "vite"
import { readBundle } from "../../src/runner/bundle.ts"
import packageJson from "../../package.json" with { type: "json" }
import { program } from "../support/runnerWorld.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

describe("the bundled runner", () => {
  const text = () => readFileSync(program(), "utf8")

  it("is one file of at most 400 kB that imports only what Node has", () => {
    assert.isAtMost(Buffer.byteLength(text()), 400_000)
    const { dynamicImports, staticImports } = parseSync("runner.mjs", text()).module
    const imported = staticImports.map(({ moduleRequest }) => moduleRequest.value)
    assert.deepStrictEqual(dynamicImports, [])
    assert.isAbove(imported.length, 0)
    for (const name of imported) assert.include(builtinModules, name.replace(/^node:/, ""))
  })

  it("names its version and its digest in its first lines", () => {
    const [first, second, ...rest] = text().split("\n")
    assert.strictEqual(first, `// AI-Implement runner ${packageJson.version}`)
    assert.strictEqual(second, `// sha256 ${createHash("sha256").update(rest.join("\n")).digest("hex")}`)
  })

  it("has the same bytes each time it is built", () => {
    const dir = mkdtempSync(join(tmpdir(), "ai-implement-again-"))
    const file = join(dir, "runner.mjs")
    execFileSync(process.execPath, [join(root, "scripts/build-runner.ts"), file], { cwd: dir, stdio: "pipe" })
    const again = readFileSync(file, "utf8")
    rmSync(dir, { recursive: true })
    assert.isTrue(again === text())
  })

  it("says how it is used", () => {
    let output = ""
    try {
      execFileSync(process.execPath, [program(), "fly"], { encoding: "utf8" })
    } catch (error) {
      output = String((error as { stdout?: string }).stdout)
    }
    assert.strictEqual(output, "Usage: runner.mjs begin|agent|publish|machine|comment\n")
  })

  it.effect("is read with version and digest, as the build leaves it", () =>
    Effect.gen(function* () {
      const { content, digest, version } = yield* readBundle
      assert.strictEqual(version, packageJson.version)
      assert.strictEqual(
        createHash("sha256").update(content.split("\n").slice(2).join("\n")).digest("hex"),
        digest
      )
    })
  )
})
