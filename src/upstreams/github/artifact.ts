import * as Arr from "effect/Array"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Order from "effect/Order"
import * as Schema from "effect/Schema"
import type { Repository } from "../CodeHost.ts"
import { UpstreamTime } from "../client/upstreamText.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import type { Client } from "./Client.ts"

const Artifacts = Schema.Struct({
  artifacts: Schema.Array(
    Schema.Struct({
      id: Schema.Int,
      name: Schema.String,
      size_in_bytes: Schema.Int,
      expired: Schema.Boolean,
      created_at: Schema.NullOr(UpstreamTime)
    })
  )
})
type Artifact = (typeof Artifacts.Type)["artifacts"][number]

const newestFirst = Order.mapInput(Order.flip(Order.Number), ({ created_at }: Artifact) =>
  created_at === null ? 0 : DateTime.toEpochMillis(created_at)
)

export const makeArtifact = (client: Client["Service"]) =>
  Effect.fn("GitHub.artifact")(function* ({
    name,
    runId,
    ...repository
  }: Repository & { readonly runId: number; readonly name: string }): Effect.fn.Return<
    string | null,
    UpstreamError
  > {
    const asked = {
      name: "artifact",
      to: `read the artifacts of the run ${runId} of ${repository.owner}/${repository.repo}`,
      repository
    }
    const { artifacts } = yield* client.ask({
      ...asked,
      operation: "actions/list-workflow-run-artifacts",
      parameters: { run_id: runId, name, per_page: 100 },
      body: Artifacts
    })
    const [newest] = Arr.sort(
      artifacts.filter((each) => each.name === name && !each.expired),
      newestFirst
    )
    const { maxBytes, onlyFile } = yield* Effect.promise(() => import("./zip.ts"))
    if (newest === undefined || newest.size_in_bytes > maxBytes) return null
    const zip = yield* client.ask({
      ...asked,
      operation: "actions/download-artifact",
      parameters: { artifact_id: newest.id, archive_format: "zip" },
      body: Schema.Unknown,
      once: true
    })
    return zip instanceof ArrayBuffer ? onlyFile(new Uint8Array(zip)) : null
  })
