import { rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { TestProject } from "vitest/node"
import { build, type Plugin } from "vite"

declare module "vitest" {
  interface ProvidedContext {
    /** The file of the service as tests start it. */
    serviceProgram: string
  }
}

const root = fileURLToPath(new URL("../../", import.meta.url))

/** Modules find the files beside them as if each were loaded from its own. */
const ownUrls: Plugin = {
  name: "own-urls",
  transform: (code, id) =>
    code.includes("import.meta.url")
      ? { code: code.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href)), map: null }
      : null
}

/** A file of one byte a character is read, hashed and compiled faster. */
const ascii: Plugin = {
  name: "ascii",
  generateBundle: (_, bundle) => {
    for (const file of Object.values(bundle)) {
      if (file.type !== "chunk") continue
      file.code = file.code.replace(
        /[^\0-\x7f]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`
      )
    }
  }
}

/** Builds a program of the service into one file, which loads in half the time of its sources. */
export const buildService = async (entry: string, name: string) => {
  const dir = join(root, `node_modules/.cache/ai-implement-test/${name}-${process.pid}`)
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    plugins: [ownUrls, ascii],
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: join(root, entry),
      outDir: dir,
      target: "node24",
      rolldownOptions: {
        output: { entryFileNames: "main.mjs", minify: { mangle: false, codegen: { removeWhitespace: true } } }
      }
    }
  })
  return { dir, file: join(dir, "main.mjs") }
}

/** Builds the service that the tests kill and start many times. */
export default async (project: TestProject) => {
  const { dir, file } = await buildService("test/support/service.ts", "service")
  project.provide("serviceProgram", file)
  return () => rmSync(dir, { recursive: true, force: true })
}
