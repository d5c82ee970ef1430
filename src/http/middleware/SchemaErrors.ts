import * as Effect from "effect/Effect"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as SchemaIssue from "effect/SchemaIssue"
import { SchemaErrors } from "../../api/Authorization.ts"
import type { FieldIssue } from "../../domain/Mapping.ts"
import { invalid } from "../ErrorResponses.ts"

const format = SchemaIssue.makeFormatterStandardSchemaV1()
const maxIssues = 100
const maxMessageLength = 300

const parts = { Params: "path", Query: "query", Headers: "headers", Payload: "body" }

const toPath = (path: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }>) =>
  path.map((part) => String(typeof part === "object" ? part.key : part)).join(".")

const fieldIssues = (issue: SchemaIssue.Issue): ReadonlyArray<FieldIssue> =>
  format(issue)
    .issues.slice(0, maxIssues)
    .map(({ path, message }) => ({ path: toPath(path ?? []), message: message.slice(0, maxMessageLength) }))

export const layer = HttpApiMiddleware.layerSchemaErrorTransform(SchemaErrors, ({ cause, kind }) =>
  kind === "Body" || kind === "ResponseHeaders"
    ? Effect.die(cause)
    : Effect.sync(() => fieldIssues(cause.issue)).pipe(
        Effect.catchDefect(() => Effect.succeed([{ path: "", message: "it is nested too deeply" }])),
        Effect.flatMap((issues) => invalid(parts[kind], issues))
      )
)
