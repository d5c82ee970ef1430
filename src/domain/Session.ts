import * as Schema from "effect/Schema"
import { Timestamp } from "./Text.ts"
import { DispatchId, MachineId, StoredIssueId } from "./Ids.ts"

/** States in which a machine counts as a session. */
export const sessionStates: ReadonlyArray<string> = ["created", "starting", "started"]

/** Whose run a machine is, as far as that is known. */
export const RunOf = Schema.Struct({
  dispatchId: Schema.optionalKey(DispatchId),
  issueId: Schema.optionalKey(StoredIssueId),
  issueIdentifier: Schema.optionalKey(Schema.String),
  issueTitle: Schema.optionalKey(Schema.String),
  teamKey: Schema.optionalKey(Schema.String),
  repo: Schema.optionalKey(Schema.String)
})

/** A Fly Machine run, seen from the operator. */
export const Session = Schema.Struct({
  machineId: MachineId,
  name: Schema.String,
  state: Schema.String,
  region: Schema.String,
  cpus: Schema.NullOr(Schema.Int),
  memoryMb: Schema.NullOr(Schema.Int),
  createdAt: Schema.NullOr(Timestamp),
  updatedAt: Schema.NullOr(Timestamp),
  ...RunOf.fields
}).annotate({ identifier: "Session" })
export type Session = typeof Session.Type

/** What destroying a session does, and how far it is. */
export const SessionEffect = Schema.Struct({
  effect: Schema.Literals(["machine", "label", "dedup"]),
  done: Schema.Boolean,
  nextTry: Schema.optionalKey(Timestamp)
}).annotate({ identifier: "SessionEffect" })
export type SessionEffect = typeof SessionEffect.Type
