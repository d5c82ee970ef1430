import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Run } from "../../domain/Dispatch.ts"
import type { WorkflowLaunch } from "../RunBackends.ts"
import { UpstreamText } from "../client/upstreamText.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import type { Client } from "./Client.ts"
import { fail } from "./errors.ts"
import { inputsOf, maxCharacters } from "./inputs.ts"

const Started = Schema.NullOr(Schema.Struct({ workflow_run_id: Schema.Int, html_url: UpstreamText }))

export const makeLaunch = (client: Client["Service"]) =>
  Effect.fn("GitHub.launch")(function* (
    request: WorkflowLaunch
  ): Effect.fn.Return<Run | null, UpstreamError> {
    const { owner, repo, ref, workflowFile } = request
    const asked = {
      name: "launch",
      to: `start ${workflowFile} on ${ref} of ${owner}/${repo} for ${request.issueIdentifier}`,
      absent: `there is no workflow file ${workflowFile} on the default branch of ${owner}/${repo}, or the App may not see it; add it or correct the mapping`,
      unanswered: "Whether the run was started is not known; it is looked up before anything is sent again."
    }
    const inputs = inputsOf(request)
    if (inputs === null) {
      return yield* fail(asked, [
        { _tag: "Rejected", undeclaredInputs: [] },
        `GitHub was not asked to ${asked.to}: what goes with it is larger than ${maxCharacters} characters. Make the mapping's extraEnv smaller.`
      ])
    }
    const started = yield* client.launch(
      {
        ...asked,
        operation: "actions/create-workflow-dispatch",
        repository: { owner, repo },
        parameters: { workflow_id: workflowFile, ref, inputs, return_run_details: true },
        body: Started
      },
      request.proceed
    )
    return started && { kind: "github", id: started.workflow_run_id, url: started.html_url }
  })
