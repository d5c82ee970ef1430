import * as Effect from "effect/Effect"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import type { GitHub } from "../../src/sandbox/GitHub.ts"

export const publicUrl = "https://ai-implement.test"

/** The job of a dispatch's run, as it proves itself: a new token each time it is asked for. */
export const jobToken = (
  github: GitHub["Service"],
  run: number,
  request: Partial<Parameters<GitHub["Service"]["jobToken"]>[1]> = {}
) => Effect.orDie(github.jobToken(run, { audience: publicUrl, ...request }))

export const runIdOf = ({ run }: Dispatch) => (run?.kind === "github" ? run.id : 0)
