import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { UpstreamText } from "../client/upstreamText.ts"
import type { Repository } from "../CodeHost.ts"
import type { Cancellation } from "../RunBackends.ts"
import { isRefusal, type UpstreamError } from "../UpstreamError.ts"
import type { Client } from "./Client.ts"

const maxJobs = 10
const pageSize = 50

const Jobs = Schema.Struct({
  jobs: Schema.Array(Schema.Struct({ id: Schema.Int, conclusion: Schema.NullOr(UpstreamText) }))
})
const Annotations = Schema.Array(Schema.Struct({ message: Schema.NullOr(UpstreamText) }))

const byPerson = /\bcancell?ed by @([\w-]+(?:\[bot\])?)/i

/** What the annotations of cancelled jobs say; GitHub names every cause but, on older servers, a person. */
export const cancellationIn = (messages: ReadonlyArray<string>): Cancellation | null => {
  const says = (pattern: RegExp) => messages.some((message) => pattern.test(message))
  if (says(/exceeded the maximum execution time/i)) return { _tag: "TimeLimit" }
  if (says(/higher priority waiting request/i)) return { _tag: "Superseded" }
  const [login] = messages.flatMap((message) => byPerson.exec(message)?.[1] ?? [])
  if (login !== undefined) return { _tag: "Person", login }
  const alone =
    messages.length > 0 &&
    messages.every((message) => /^the (?:operation|run) was cancell?ed\.?$/i.test(message))
  return alone ? { _tag: "Person", login: null } : null
}

export const makeCancellation = (client: Client["Service"]) =>
  Effect.fn("GitHub.cancellation")(
    function* (
      { owner, repo }: Repository,
      runId: number
    ): Effect.fn.Return<Cancellation | null, UpstreamError> {
      const repository = { owner, repo }
      const where = `${owner}/${repo}`
      const { jobs } = yield* client.ask({
        name: "cancellation",
        to: `list the jobs of the run ${runId} of ${where}`,
        operation: "actions/list-jobs-for-workflow-run",
        repository,
        parameters: { run_id: runId, per_page: pageSize },
        body: Jobs,
        once: true
      })
      if (jobs.some(({ conclusion }) => conclusion === "timed_out")) return { _tag: "TimeLimit" }
      const cancelled = jobs.filter(({ conclusion }) => conclusion === "cancelled").slice(0, maxJobs)
      const annotations = yield* Effect.forEach(
        cancelled,
        ({ id }) =>
          client.ask({
            name: "cancellation",
            to: `read the annotations of the job ${id} of ${where}`,
            operation: "checks/list-annotations",
            repository,
            parameters: { check_run_id: id, per_page: pageSize },
            body: Annotations,
            scope: "checks",
            once: true
          }),
        { concurrency: 2 }
      )
      return cancellationIn(annotations.flat().flatMap(({ message }) => message ?? []))
    },
    // Without the permission `checks: read`, or once the run is deleted, GitHub does not say.
    Effect.catchIf(isRefusal, () => Effect.succeed(null))
  )
