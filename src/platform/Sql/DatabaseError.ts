import * as Schema from "effect/Schema"

/** Why there is no database to work with; the message says what was left unchanged and what to do. */
export class DatabaseError extends Schema.TaggedError<DatabaseError>()("DatabaseError", {
  reason: Schema.Literals([
    "Unsupported",
    "Inaccessible",
    "InUse",
    "OtherVersion",
    "NotCreated",
    "NotStarted",
    "Unavailable",
    "TooFewConnections",
    "NotMigrated"
  ]),
  message: Schema.String
}) {}

/** The root cause: the message of the server or of the operating system. */
export const messageOf = (cause: unknown): string =>
  cause instanceof Error && cause.cause instanceof Error
    ? messageOf(cause.cause)
    : cause instanceof Error
      ? cause.message
      : String(cause)
