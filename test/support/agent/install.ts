import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { TestProject } from "vitest/node"
import { agentPackage } from "../../../src/runner/templates/actions.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the agent's command line. */
    readonly agent: string
  }
}

const cache = fileURLToPath(new URL("../../../.cache", import.meta.url))

/** Installs the agent that the workflows install, outside the lock file, once for each version. */
export default (project: TestProject) => {
  const dir = join(cache, agentPackage.replaceAll(/[^\w.-]+/g, "-").replace(/^-/, ""))
  const command = join(dir, "node_modules/.bin/claude")
  if (!existsSync(command)) {
    const partial = `${dir}.${process.pid}`
    rmSync(dir, { recursive: true, force: true })
    mkdirSync(partial, { recursive: true })
    writeFileSync(
      join(partial, "package.json"),
      '{ "private": true, "allowScripts": { "@anthropic-ai/claude-code": true } }\n'
    )
    execFileSync("npm", ["install", "--no-audit", "--no-fund", agentPackage], {
      cwd: partial,
      stdio: "inherit"
    })
    renameSync(partial, dir)
  }
  project.provide("agent", command)
}
