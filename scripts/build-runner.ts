// Bundles src/runner into dist/runner/runner.mjs: one file without dependencies, the same bytes for the same sources.
import { createHash } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "vite"
import packageJson from "../package.json" with { type: "json" }

const root = fileURLToPath(new URL("..", import.meta.url))

/** The text of the program. */
export const bundle = async () => {
  const built = await build({
    configFile: false,
    root,
    logLevel: "error",
    build: {
      ssr: "src/runner/main.ts",
      target: "node20",
      minify: true,
      write: false,
      rolldownOptions: { output: { format: "es", codeSplitting: false } }
    },
    ssr: { noExternal: true }
  })

  const outputs = Array.isArray(built)
    ? built.flatMap(({ output }) => output)
    : "output" in built
      ? built.output
      : []
  const [chunk, ...rest] = outputs
  if (chunk?.type !== "chunk" || rest.length > 0) throw new Error("The runner was not bundled into one file.")
  const external = chunk.imports.filter((name) => !name.startsWith("node:"))
  if (external.length > 0) throw new Error(`The runner needs more than Node itself: ${external.join(", ")}.`)

  const digest = createHash("sha256").update(chunk.code).digest("hex")
  return `// AI-Implement runner ${packageJson.version}\n// sha256 ${digest}\n${chunk.code}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = process.argv[2] ?? fileURLToPath(new URL("../dist/runner/runner.mjs", import.meta.url))
  const text = await bundle()
  const digest = text.split("\n")[1]?.replace("// sha256 ", "")
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, text)
  process.stdout.write(`runner ${packageJson.version}: ${Buffer.byteLength(text)} bytes, sha256 ${digest}\n`)
}
