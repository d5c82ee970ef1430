import type * as Schema from "effect/Schema"
import { issuesOf } from "../lib/schema-issues.ts"
import { words } from "../strings/invalid.ts"

/** A request that its schema rejects, as the service would refuse it: field by field. */
export const invalid = (error: Schema.SchemaError) => {
  const issues = issuesOf(error)
  const problems = issues.map(({ message, path }) => `${path} ${message}`)
  return { _tag: "Invalid", error: words.nothingSent(problems), issues }
}
