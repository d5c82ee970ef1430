import * as Data from "effect/Data"
import type { FieldIssue } from "../../src/domain/Mapping.ts"
import { strings } from "../strings/shell.ts"

/** Why a call to the service did not succeed, in a sentence to show. */
export class Failure extends Data.TaggedError("Failure")<{
  readonly kind: "signed-out" | "refused" | "unreachable" | "outdated" | "unexpected"
  readonly message: string
  readonly name: string
  readonly issues: ReadonlyArray<FieldIssue>
  readonly retryAfter: number | null
}> {}

export const asFailure = (thrown: unknown): Failure =>
  thrown instanceof Failure
    ? thrown
    : new Failure({
        kind: "unexpected",
        message: strings.failure.unexpected,
        name: "unexpected",
        issues: [],
        retryAfter: null
      })
