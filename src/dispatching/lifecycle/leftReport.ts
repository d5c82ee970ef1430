import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import { Report } from "../../domain/Report.ts"
import { CodeHost } from "../../upstreams/CodeHost.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"
import { Reports } from "./Reports.ts"

const artifactName = "ai-implement-report"

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Report))

// A retry would return the same.
const isFinal = ({ reason }: UpstreamError) => reason._tag !== "Unavailable" && reason._tag !== "RateLimited"

/** Takes the report artifact of an ended run that reported nothing, checked once. True if it was taken. */
export const takeLeftReport = Effect.fn("Monitor.takeLeftReport")(function* (row: DispatchRow) {
  const codeHost = yield* CodeHost
  const transitions = yield* TransitionsRepo
  const reports = yield* Reports
  if (row.run?.kind !== "github" || row.report !== null || row.artifactLookedUpAt !== null) return false
  const { owner, repo, run } = row
  const text = yield* codeHost
    .artifact({ owner, repo, runId: run.id, name: artifactName })
    .pipe(Effect.catchIf(isFinal, () => Effect.succeed(null)))
  const report = text === null ? null : Option.getOrNull(decode(text))
  const checked = report?.dispatchId === row.id ? yield* reports.accept(row, report) : null
  yield* transitions.recordArtifactCheck(row.id)
  return checked?._tag === "First"
})
