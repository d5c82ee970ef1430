import * as Cause from "effect/Cause"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type { FieldIssue } from "../../src/domain/Mapping.ts"
import { strings } from "../strings/shell.ts"

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const keyText = (key: PropertyKey | { readonly key: PropertyKey }) =>
  String(typeof key === "object" ? key.key : key)

/** The fields that a schema rejects, each with the reason. */
export const issuesOf = ({ issue }: Schema.SchemaError): ReadonlyArray<FieldIssue> =>
  format(issue).issues.map(({ message, path }) => ({
    path: (path ?? []).map(keyText).join("."),
    message
  }))

/** What a schema of the service says of a form, field by field. */
export const schemaIssues = (cause: Cause.Cause<unknown>): ReadonlyArray<FieldIssue> => {
  const error = Cause.squash(cause)
  return Schema.isSchemaError(error) ? issuesOf(error) : [{ path: "", message: strings.failure.unexpected }]
}
