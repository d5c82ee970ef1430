import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Request, Response } from "../Upstream.ts"
import { webhookRoutes } from "../Upstream/webhookRoutes.ts"
import type { WebhookControl } from "../Upstream/Webhooks.ts"
import type { LinearControl } from "./Control.ts"

const Names = Schema.Array(Schema.String)
const Draft = Schema.Struct({
  team: Schema.String,
  title: Schema.String,
  description: Schema.optionalKey(Schema.String),
  priority: Schema.optionalKey(Schema.Int),
  labels: Schema.optionalKey(Names),
  state: Schema.optionalKey(Schema.String),
  blockedBy: Schema.optionalKey(Names)
})
const Body = Schema.Struct({
  body: Schema.String,
  user: Schema.optionalKey(Schema.String),
  bot: Schema.optionalKey(Schema.String),
  parentId: Schema.optionalKey(Schema.String)
})
const Limit = Schema.Struct({
  limit: Schema.optionalKey(Schema.Finite),
  remaining: Schema.optionalKey(Schema.Finite),
  reset: Schema.optionalKey(Schema.Finite)
})
const Budget = Schema.Struct({
  requests: Schema.optionalKey(Limit),
  complexity: Schema.optionalKey(Limit)
})

const body = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, request: Request) =>
  Schema.decodeEffect(Schema.fromJsonString(schema))(request.body)

const done: Response = { status: 204 }

const routes = Effect.fnUntraced(function* (
  control: LinearControl,
  webhooks: WebhookControl,
  request: Request
) {
  const [, , subject, name, part] = request.url.pathname.split("/")
  const identifier = name === undefined ? "" : decodeURIComponent(name)
  const seen = (): Response => ({ status: 200, body: control.issueByIdentifier(identifier) })
  switch (
    `${request.method} /${subject}${name === undefined ? "" : "/:id"}${part === undefined ? "" : `/${part}`}`
  ) {
    case "GET /issues":
      return { status: 200, body: control.issues() }
    case "POST /issues": {
      const created = control.createIssue(yield* body(Draft, request))
      return { status: 201, body: control.issueByIdentifier(created) }
    }
    case "GET /issues/:id":
      return control.issueByIdentifier(identifier) === undefined
        ? { status: 404, body: { error: "No such issue." } }
        : seen()
    case "DELETE /issues/:id":
      control.deleteIssue(identifier)
      return done
    case "PUT /issues/:id/labels":
      control.setLabels(identifier, yield* body(Names, request))
      return seen()
    case "PUT /issues/:id/state":
      control.setState(identifier, yield* body(Schema.String, request))
      return seen()
    case "POST /issues/:id/comments":
      control.comment({ issue: identifier, ...(yield* body(Body, request)) })
      return seen()
    case "POST /issues/:id/archive":
      control.archiveIssue(identifier)
      return seen()
    case "POST /issues/:id/block":
      control.block(identifier, yield* body(Schema.String, request))
      return seen()
    case "PUT /budget":
      control.setBudget(yield* body(Budget, request))
      return done
  }
  return yield* webhookRoutes(webhooks, request)
})

/** Actions of people in Linear, over HTTP under `/_control`; undefined leaves the request to the common routes. */
export const controlRoutes = (
  control: LinearControl,
  webhooks: WebhookControl,
  request: Request
): Effect.Effect<Response | undefined> =>
  Effect.catchCause(routes(control, webhooks, request), (cause) =>
    Effect.succeed<Response>({ status: 400, body: { error: String(Cause.squash(cause)) } })
  )
