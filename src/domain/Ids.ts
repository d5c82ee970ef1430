import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { someText } from "./Text.ts"

export const DispatchId = Schema.String.check(
  Schema.isUUID(undefined, { message: "must be a dispatch id (UUID)" })
).pipe(Schema.brand("DispatchId"))
export type DispatchId = typeof DispatchId.Type

export const IssueId = Schema.String.check(
  Schema.isUUID(undefined, { message: "must be an issue id (UUID)" })
).pipe(Schema.brand("IssueId"))
export type IssueId = typeof IssueId.Type

/** An issue named by UUID or by identifier (`ENG-42`). */
export const IssueRef = someText(64).check(
  Schema.isPattern(
    /^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[A-Za-z0-9][A-Za-z0-9_]{0,31}-\d{1,9})$/,
    {
      message: "must be an issue id (UUID) or an identifier such as ENG-42"
    }
  )
)

/** Linear team key, upper case; lower case is raised. */
export const TeamKey = Schema.String.check(
  // Before it is raised: some other letters have an ASCII upper case.
  Schema.isPattern(/^[A-Za-z0-9][A-Za-z0-9_]{0,31}$/, {
    message: "must be a Linear team key: a letter or digit, then letters, digits or underscores, at most 32"
  })
).pipe(Schema.decode(SchemaTransformation.toUpperCase()), Schema.brand("TeamKey"))
export type TeamKey = typeof TeamKey.Type

/** Fly's id of a machine. */
export const MachineId = Schema.String.pipe(Schema.brand("MachineId"))
export type MachineId = typeof MachineId.Type

/** Ids as our own tables, an upstream or an operator gives them: branded, not checked here. */
export const StoredDispatchId = Schema.String.pipe(Schema.brand("DispatchId"))
export const StoredIssueId = Schema.String.pipe(Schema.brand("IssueId"))
export const StoredTeamKey = Schema.String.pipe(Schema.brand("TeamKey"))
