import * as Schema from "effect/Schema"
import { ExecutionMode, Phase, Provider } from "./Modes.ts"
import { DispatchStatus } from "./DispatchStatus.ts"
import { JsonTimestamp } from "./Text.ts"

export const Upstream = Schema.Literals(["linear", "github", "fly"])
export type Upstream = typeof Upstream.Type

const Blocker = Schema.Struct({ identifier: Schema.String, url: Schema.String })

/** Why a candidate waits. First match wins, in the order of this union. */
export const Reason = Schema.Union([
  Schema.TaggedStruct("no_mapping", { teamKey: Schema.String }),
  Schema.TaggedStruct("waiting_answer", {
    dispatchId: Schema.String,
    questionId: Schema.String,
    expiresAt: JsonTimestamp
  }),
  Schema.TaggedStruct("running", { dispatchId: Schema.String, phase: Phase, status: DispatchStatus }),
  Schema.TaggedStruct("settling", { dispatchId: Schema.String, pending: Schema.Array(Schema.String) }),
  Schema.TaggedStruct("unreadable", { what: Schema.String }),
  Schema.TaggedStruct("labelled_elsewhere", { label: Schema.String }),
  Schema.TaggedStruct("ready_for_review", {}),
  Schema.TaggedStruct("open_pull_request", { url: Schema.String }),
  Schema.TaggedStruct("blocked", { by: Schema.Array(Blocker), more: Schema.Boolean }),
  Schema.TaggedStruct("held", { by: Schema.String, at: JsonTimestamp }),
  Schema.TaggedStruct("parked", { failures: Schema.Int, last: Schema.NullOr(Schema.String) }),
  Schema.TaggedStruct("waiting_approval", {
    /** Null for a plan that a person declared. */
    planDispatchId: Schema.NullOr(Schema.String),
    since: JsonTimestamp,
    ignoredLabel: Schema.optionalKey(Schema.Boolean)
  }),
  Schema.TaggedStruct("dedup", { until: JsonTimestamp }),
  Schema.TaggedStruct("backing_off", { until: JsonTimestamp, failures: Schema.Int }),
  Schema.TaggedStruct("tracker_not_ready", {
    problems: Schema.Array(Schema.Struct({ _tag: Schema.String, message: Schema.String }))
  }),
  Schema.TaggedStruct("not_configured", { missing: Schema.Array(Schema.String) }),
  Schema.TaggedStruct("provider_unsupported", { provider: Provider, mode: ExecutionMode }),
  Schema.TaggedStruct("repository_not_ready", {
    problems: Schema.Array(Schema.Struct({ _tag: Schema.String, message: Schema.String }))
  }),
  Schema.TaggedStruct("budget_low", { upstream: Upstream, until: JsonTimestamp }),
  Schema.TaggedStruct("upstream_down", { upstream: Upstream, since: JsonTimestamp }),
  Schema.TaggedStruct("hourly_limit", { until: JsonTimestamp }),
  Schema.TaggedStruct("team_at_capacity", { used: Schema.Int, cap: Schema.Int }),
  Schema.TaggedStruct("paused", {}),
  Schema.TaggedStruct("globally_paused", {}),
  Schema.TaggedStruct("lost_race", {})
]).annotate({ identifier: "Reason" })
export type Reason = typeof Reason.Type

export const ReasonTag = Schema.Literals(Reason.members.map((member) => member.fields._tag.schema.literal))
export type ReasonTag = typeof ReasonTag.Type
