import * as Schema from "effect/Schema"

export const TrialSubject = Schema.Literals(["notification", "linear", "github", "fly"])
export type TrialSubject = typeof TrialSubject.Type

/** What happened when a setting was tried. */
export const Trial = Schema.Struct({ what: TrialSubject, ok: Schema.Boolean, message: Schema.String })
export type Trial = typeof Trial.Type
