import * as Schema from "effect/Schema"
import { Timestamp } from "./Text.ts"

/** What an event is about; its `subject` is the id, key or name of that thing. */
export const EventType = Schema.Literals([
  "dispatch",
  "log",
  "question",
  "issue",
  "session",
  "mapping",
  "readiness",
  "settings",
  "pause",
  "secret",
  "pass",
  "upstream",
  "notification"
])
export type EventType = typeof EventType.Type

const fact = Schema.optionalKey(Schema.NullOr(Schema.String))

/** A change: what to re-read. Ids grow in the order in which the changes were made. */
export const Event = Schema.Struct({
  id: Schema.Int,
  at: Timestamp,
  type: EventType,
  subject: Schema.String,
  data: Schema.Struct({
    dispatchId: fact,
    issueId: fact,
    issueIdentifier: fact,
    teamKey: fact,
    status: fact
  })
}).annotate({ identifier: "Event" })
export type Event = typeof Event.Type
