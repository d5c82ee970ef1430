import * as Schema from "effect/Schema"
import { Timestamp } from "./Text.ts"
import { DispatchId, MachineId, StoredIssueId } from "./Ids.ts"

/** States in which a machine counts as a session. */
export const sessionStates: ReadonlyArray<string> = ["created", "starting", "started"]

/** The dispatch that a machine runs, as far as that is known. */
export const RunOf = Schema.Struct({
  dispatchId: Schema.optionalKey(DispatchId),
  issueId: Schema.optionalKey(StoredIssueId),
  issueIdentifier: Schema.optionalKey(Schema.String),
  issueTitle: Schema.optionalKey(Schema.String),
  teamKey: Schema.optionalKey(Schema.String),
  repo: Schema.optionalKey(Schema.String)
})

/** A Fly Machine run as the operator sees it. */
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

/** A step of destroying a session, and whether it is done. */
export const SessionEffect = Schema.Struct({
  effect: Schema.Literals(["machine", "label", "dedup"]),
  done: Schema.Boolean,
  nextTry: Schema.optionalKey(Timestamp)
}).annotate({ identifier: "SessionEffect" })
export type SessionEffect = typeof SessionEffect.Type

/** How far the destruction of a session is: the machine is gone, or that is accepted and under way. */
export const Destruction = Schema.Struct({
  destroyed: Schema.Boolean,
  effects: Schema.Array(SessionEffect)
}).annotate({ identifier: "Destruction" })
export type Destruction = typeof Destruction.Type
