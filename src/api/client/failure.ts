import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as HttpClientError from "effect/http/HttpClientError"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"

const Refusal = Schema.Struct({
  _tag: Schema.String,
  error: Schema.String,
  issues: Schema.optionalKey(Schema.Array(Schema.Struct({ path: Schema.String, message: Schema.String }))),
  retryAfter: Schema.optionalKey(Schema.Int)
})
const isRefusal = Schema.is(Refusal)

/** Why a call did not succeed, in a sentence an operator can act on. */
export class ApiFailure extends Data.TaggedError("ApiFailure")<{
  /** The `_tag` of the API's error (`Invalid` also when this client refuses), else `Unreachable` or `Unexpected`. */
  readonly reason: string
  readonly message: string
  readonly issues: ReadonlyArray<{ readonly path: string; readonly message: string }>
  readonly retryAfter: number | null
}> {}

const refused = ({ _tag, error, issues, retryAfter }: typeof Refusal.Type) =>
  new ApiFailure({
    reason: _tag,
    message: error,
    issues: issues ?? [],
    retryAfter: retryAfter ?? null
  })

const other = (
  reason: "Unreachable" | "Unexpected" | "Invalid",
  message: string,
  issues: ApiFailure["issues"] = []
) => new ApiFailure({ reason, message, issues, retryAfter: null })

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const invalid = ({ issue }: Schema.SchemaError) => {
  const issues = format(issue).issues.map(({ message, path = [] }) => ({
    path: path.map((part) => String(typeof part === "object" ? part.key : part)).join("."),
    message: message.slice(0, 300)
  }))
  const problems = issues.map(({ message, path }) => `${path}: ${message}`).join("; ")
  return other("Invalid", `Not of the form that this client knows. ${problems}`, issues)
}

/** Turns every failure of a client call into one type, without token and request. */
export const failureOf = Effect.fnUntraced(function* (error: unknown) {
  if (isRefusal(error)) return refused(error)
  if (Schema.isSchemaError(error)) return invalid(error)
  if (!HttpClientError.isHttpClientError(error)) {
    return other("Unexpected", "The call failed for a reason that this client does not know.")
  }
  const { response } = error
  if (response === undefined) {
    const { host } = new URL(error.request.url)
    return other(
      "Unreachable",
      `${host} does not answer. Check the address, and that the service runs there.`
    )
  }
  const body = yield* Effect.orElseSucceed(response.json, () => null)
  return isRefusal(body)
    ? refused(body)
    : other("Unexpected", `The answer is ${response.status} and not one of AI-Implement. Check the address.`)
})
