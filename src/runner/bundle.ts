import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { readFile } from "node:fs/promises"

/** The bundled program was not built. */
class RunnerMissing extends Data.TaggedError("RunnerMissing")<{ readonly message: string }> {}

export interface RunnerBundle {
  readonly version: string
  /** SHA-256 of everything after the two header lines. */
  readonly digest: string
  readonly content: string
}

const header = /^\/\/ AI-Implement runner (\S+)\n\/\/ sha256 ([0-9a-f]{64})\n/

const missing = new RunnerMissing({
  message: "dist/runner/runner.mjs is missing or not a built runner. Run npm run build."
})

/** The program that target repositories and session machines run, as `npm run build` made it. */
export const readBundle = Effect.tryPromise({
  try: () => readFile(new URL("../../dist/runner/runner.mjs", import.meta.url), "utf8"),
  catch: () => missing
}).pipe(
  Effect.flatMap((content) => {
    const [, version, digest] = header.exec(content) ?? []
    return version === undefined || digest === undefined
      ? Effect.fail(missing)
      : Effect.succeed<RunnerBundle>({ version, digest, content })
  })
)
