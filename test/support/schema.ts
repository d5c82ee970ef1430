import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** What a schema makes of an input: the value, or its complaints as `path: message`. */
export const decode = <A, I>(schema: Schema.Codec<A, I>, input: unknown): A | ReadonlyArray<string> =>
  Result.match(Schema.decodeUnknownResult(schema, { errors: "all" })(input), {
    onSuccess: (value) => value,
    onFailure: ({ issue }) =>
      format(issue).issues.map(({ path, message }) => `${path?.map(String).join(".") ?? ""}: ${message}`)
  })
