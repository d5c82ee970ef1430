import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { TestProject } from "vitest/node"
import { build } from "vite"
import { bundle } from "../../scripts/build-runner.ts"

declare module "vitest" {
  interface ProvidedContext {
    runner: {
      /** The bundled program, built from the present sources. */
      readonly program: string
      /** Carries out its stages in one process. */
      readonly host: string
    }
  }
}

const root = fileURLToPath(new URL("../..", import.meta.url))

/** Builds the runner once for all tests, where every user may read it. */
export default async (project: TestProject) => {
  const dir = mkdtempSync(join(tmpdir(), "ai-implement-bundle-"))
  chmodSync(dir, 0o755)
  const program = join(dir, "runner.mjs")
  const host = build({
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: join(root, "test/support/runnerHost.ts"),
      outDir: dir,
      emptyOutDir: false,
      target: "node24",
      minify: false,
      rolldownOptions: { output: { entryFileNames: "host.mjs" } }
    }
  })
  writeFileSync(program, await bundle())
  await host
  project.provide("runner", { program, host: join(dir, "host.mjs") })
  return () => rmSync(dir, { recursive: true, force: true })
}
