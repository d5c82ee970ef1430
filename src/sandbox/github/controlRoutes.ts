import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Request, Response } from "../Upstream.ts"
import { webhookRoutes } from "../Upstream/webhookRoutes.ts"
import type { WebhookControl } from "../Upstream/Webhooks.ts"
import type { Controls } from "./Controls.ts"
import type { Comment, PullRequest, Run } from "./State.ts"

const conclusions = ["success", "failure", "cancelled", "timed_out", "startup_failure", "skipped"] as const
const body = <S extends Schema.Constraint>(schema: S) =>
  Schema.decodeUnknownEffect(Schema.fromJsonString(schema))

const finish = body(Schema.Struct({ conclusion: Schema.Literals(conclusions) }))
const cancel = body(
  Schema.Union([Schema.Struct({ by: Schema.String }), Schema.Literals(["timeout", "concurrency"])])
)
const hold = body(Schema.Struct({ status: Schema.Literals(["queued", "waiting", "pending"]) }))
const millis = body(Schema.Struct({ millis: Schema.NullOr(Schema.Finite) }))
const budget = body(Schema.Struct({ limit: Schema.Natural, remaining: Schema.optionalKey(Schema.Natural) }))
const texts = Schema.Record(Schema.String, Schema.String)
const token = body(
  Schema.Struct({
    audience: Schema.String,
    claims: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
    forged: Schema.optionalKey(Schema.Boolean)
  })
)
const installing = body(
  Schema.Struct({
    permissions: Schema.optionalKey(texts),
    repositories: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.String)))
  })
)
const comment = body(Schema.Struct({ author: Schema.String, body: Schema.String }))
const role = body(Schema.NullOr(Schema.Literals(["admin", "maintain", "write", "triage", "read"])))
const newPull = body(
  Schema.Struct({
    owner: Schema.String,
    repo: Schema.String,
    branch: Schema.String,
    title: Schema.String,
    body: Schema.optionalKey(Schema.String),
    draft: Schema.optionalKey(Schema.Boolean)
  })
)

const runView = ({ id, displayTitle, status, conclusion, inputs, repository, cancelRequested }: Run) => ({
  id,
  repository: repository.fullName,
  displayTitle,
  status,
  conclusion,
  cancelRequested,
  inputs
})

const pullView = ({ repository, ...pull }: PullRequest) => ({ ...pull, repository: repository.fullName })

const commentView = ({ pull, ...rest }: Comment) => ({ ...rest, pull: pullView(pull) })

const found = <A>(value: A | undefined, view: (value: A) => unknown): Response =>
  value === undefined ? { status: 404, body: { error: "Not found." } } : { status: 200, body: view(value) }

/** The local GitHub's own routes under `/_control`; undefined for the common ones. */
export const controlRoutes = (controls: Controls, webhooks: WebhookControl) =>
  Effect.fnUntraced(
    function* (request: Request) {
      const parts = request.url.pathname.split("/").slice(2).map(decodeURIComponent)
      const [subject, a = "", b = "", c = "", d = ""] = parts
      const id = Number(a)
      switch (`${request.method} ${subject ?? ""}`) {
        case "GET runs": {
          const dispatchId = request.url.searchParams.get("dispatch_id")
          const runs = dispatchId === null ? controls.runs() : controls.findRuns(dispatchId)
          return { status: 200, body: runs.map(runView) }
        }
        case "POST runs": {
          if (b === "token") {
            return { status: 200, body: { value: yield* controls.jobToken(id, yield* token(request.body)) } }
          }
          if (b === "start") yield* controls.startRun(id)
          else if (b === "hold") yield* controls.holdRun(id, (yield* hold(request.body)).status)
          else if (b === "cancel") yield* controls.cancelRun(id, yield* cancel(request.body))
          else if (b === "finish") yield* controls.finishRun(id, (yield* finish(request.body)).conclusion)
          else return undefined
          return found(controls.findRun(id), runView)
        }
        case "GET pulls":
          return { status: 200, body: controls.pullRequests().map(pullView) }
        case "POST pulls": {
          if (a === "")
            return {
              status: 201,
              body: pullView(yield* controls.openPullRequest(yield* newPull(request.body)))
            }
          const pull = { owner: a, repo: b, number: Number(c) }
          if (d === "merge") return found(yield* controls.mergePullRequest(pull), pullView)
          if (d === "close") return found(yield* controls.closePullRequest(pull), pullView)
          if (d !== "comments") return undefined
          const written = yield* controls.comment({ ...pull, ...(yield* comment(request.body)) })
          return { status: 201, body: commentView(written) }
        }
        case "PUT collaborators":
          yield* controls.setRole({ owner: a, repo: b, login: c, role: yield* role(request.body) })
          return { status: 204 }
        case "PUT installation":
          controls.install(yield* installing(request.body))
          return { status: 204 }
        case "POST consistency-delay":
          controls.setConsistencyDelay((yield* millis(request.body)).millis ?? Infinity)
          return { status: 204 }
        case "POST cancel-delay":
          controls.setCancelDelay((yield* millis(request.body)).millis ?? Infinity)
          return { status: 204 }
        case "POST budget":
          yield* controls.setBudget(yield* budget(request.body))
          return { status: 204 }
        case "DELETE tokens":
          controls.revokeTokens()
          return { status: 204 }
      }
      return yield* webhookRoutes(webhooks, request)
    },
    (effect): Effect.Effect<Response | undefined> =>
      Effect.catchTags(effect, {
        SchemaError: (error) => Effect.succeed({ status: 400, body: { error: error.message } }),
        Unknown: (error) => Effect.succeed({ status: 404, body: { error: error.message } })
      })
  )
