import * as Effect from "effect/Effect"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as SchemaIssue from "effect/SchemaIssue"
import { SchemaErrors } from "../../api/Authorization.ts"
import { Invalid } from "../../api/Errors.ts"
import type { FieldIssue } from "../../domain/Mapping.ts"

const format = SchemaIssue.makeFormatterStandardSchemaV1()
const longest = { list: 100, message: 300, error: 1000 }

const parts = { Params: "path", Query: "query", Headers: "headers", Payload: "body" }

const toPath = (path: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }>) =>
  path.map((part) => String(typeof part === "object" ? part.key : part)).join(".")

const list = (issue: SchemaIssue.Issue): ReadonlyArray<FieldIssue> =>
  format(issue)
    .issues.slice(0, longest.list)
    .map(({ path, message }) => ({ path: toPath(path ?? []), message: message.slice(0, longest.message) }))

const tell = ({ path, message }: FieldIssue) => (path === "" ? message : `${path}: ${message}`)

/** One error that tells every problem of a request. */
export const invalid = (part: string, issues: ReadonlyArray<FieldIssue>) =>
  new Invalid({
    error:
      `Nothing was changed, because the ${part} of the request is not valid. ${issues.map(tell).join("; ")}`.slice(
        0,
        longest.error
      ),
    issues
  })

export const layer = HttpApiMiddleware.layerSchemaErrorTransform(SchemaErrors, ({ cause, kind }) =>
  kind === "Body" || kind === "ResponseHeaders"
    ? Effect.die(cause)
    : Effect.sync(() => list(cause.issue)).pipe(
        Effect.catchDefect(() => Effect.succeed([{ path: "", message: "it is nested too deeply" }])),
        Effect.flatMap((issues) => Effect.fail(invalid(parts[kind], issues)))
      )
)
