import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { makeProgram } from "./agent/program/Program.ts"
import { gitPrograms } from "./git/serve.ts"
import type { LocalGitHub } from "./GitHub.ts"
import type { AgentMode } from "./settings.ts"

class ProgramMissing extends Data.TaggedError("ProgramMissing")<{ readonly message: string }> {}

const builtFile = fileURLToPath(new URL("../../dist/runner/runner.mjs", import.meta.url))

const missing = (file: string) => {
  if (!existsSync(file)) return "the runner is not built: run npm run build"
  const programs = gitPrograms()
  return programs !== null && existsSync(join(programs, "git-http-backend"))
    ? null
    : "git with git-http-backend is not installed"
}

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "ai-implement-sandbox-"))),
  (made) => Effect.sync(() => rmSync(made, { recursive: true, force: true }))
)

/** The real runner program for the sandbox's agents; null where they are simulated. */
export const programOf = Effect.fnUntraced(function* (
  mode: AgentMode,
  github: LocalGitHub,
  speed: number,
  file = builtFile
) {
  if (mode === "simulated") return null
  const reason = missing(file)
  if (reason === null) {
    return yield* makeProgram({ file, dir: yield* folder, github, githubUrl: github.url, speed, mode })
  }
  if (mode === "program") {
    return yield* new ProgramMissing({ message: `SANDBOX_AGENT is program, but ${reason}.` })
  }
  yield* Effect.logWarning(`The sandbox simulates every agent: ${reason}.`)
  return null
})
