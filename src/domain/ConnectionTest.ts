import * as Schema from "effect/Schema"

export const ConnectionTestSubject = Schema.Literals(["notification", "linear", "github", "fly"])
export type ConnectionTestSubject = typeof ConnectionTestSubject.Type

export const ConnectionTest = Schema.Struct({
  what: ConnectionTestSubject,
  ok: Schema.Boolean,
  message: Schema.String
})
export type ConnectionTest = typeof ConnectionTest.Type
