import * as Effect from "effect/Effect"
import { downloadPath } from "../Artifacts.ts"
import { notFound, Refused } from "../errors.ts"
import { artifact as renderArtifact } from "../render/artifact.ts"
import { type Handler, textOf } from "./Handler.ts"
import { page } from "./paging.ts"

export const artifacts = {
  "actions/list-workflow-run-artifacts": {
    by: "repository",
    needs: ["actions", "read"],
    handle: Effect.fnUntraced(function* ({ base, parameters, repository, state, url }) {
      const run = state.runs.find(({ id }) => id === parameters["run_id"])
      if (run?.repository.id !== repository.id) return yield* notFound
      const name = textOf(parameters, "name")
      const found = state.artifacts.filter(
        (one) => one.run === run && (name === undefined || one.name === name)
      )
      const { items, headers } = page(found.toReversed(), url, parameters)
      const body = { total_count: found.length, artifacts: items.map((item) => renderArtifact(base, item)) }
      return { status: 200, headers, body }
    })
  },
  "actions/download-artifact": {
    by: "repository",
    needs: ["actions", "read"],
    handle: Effect.fnUntraced(function* ({ parameters, repository, state }) {
      const found = state.artifacts.find(({ id }) => id === parameters["artifact_id"])
      if (found?.run.repository.id !== repository.id || parameters["archive_format"] !== "zip") {
        return yield* notFound
      }
      if (found.expired) return yield* new Refused({ status: 410, message: "Artifact has expired" })
      return { status: 302, headers: { location: `${state.storageUrl}${downloadPath(found.id)}` } }
    })
  }
} satisfies Record<string, Handler>
