import * as Result from "effect/Result"
import { lstatSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { RunContext } from "../domain/RunnerMessages.ts"
import { type Instructions, instructionsOf, noInstructions } from "./frontMatter.ts"

const maxInstructionBytes = 200_000

export const instructionFile = ({ phase }: Pick<RunContext, "phase">) =>
  phase === "planning" ? "PLANNING.md" : "WORKFLOW.md"

/** The repository's own instructions of the dispatched ref; a sentence when they cannot be read. */
export const readInstructions = (dir: string, file: string): Result.Result<Instructions, string> => {
  const path = join(dir, file)
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return Result.succeed(noInstructions)
  if (!stat.isFile() || stat.size > maxInstructionBytes) {
    return Result.fail(`${file} is no file of at most ${maxInstructionBytes} bytes.`)
  }
  return Result.mapError(
    instructionsOf(readFileSync(path, "utf8")),
    (why) => `The settings at the start of ${file} are not valid: ${why}`
  )
}
