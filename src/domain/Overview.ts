import * as Schema from "effect/Schema"
import { ReasonTag, Upstream } from "./Reason.ts"
import { Pause } from "./Settings.ts"
import { Timestamp } from "./Text.ts"

export const Budget = Schema.Struct({
  kind: Schema.String,
  limit: Schema.Finite,
  remaining: Schema.Finite,
  resetAt: Timestamp
}).annotate({ identifier: "Budget" })
export type Budget = typeof Budget.Type

export const UpstreamState = Schema.Struct({
  name: Upstream,
  state: Schema.Literals(["ok", "degraded", "down", "off"]),
  since: Timestamp,
  error: Schema.NullOr(Schema.String),
  budgets: Schema.Array(Budget)
}).annotate({ identifier: "UpstreamState" })
export type UpstreamState = typeof UpstreamState.Type

export const LastPass = Schema.Struct({
  id: Schema.String,
  startedAt: Timestamp,
  finishedAt: Schema.NullOr(Timestamp),
  ok: Schema.NullOr(Schema.Boolean),
  candidates: Schema.Int,
  dispatched: Schema.Int,
  error: Schema.NullOr(Schema.String)
}).annotate({ identifier: "LastPass" })
export type LastPass = typeof LastPass.Type

export const PollerState = Schema.Struct({
  state: Schema.Literals(["idle", "running", "off", "stuck"]),
  holder: Schema.NullOr(Schema.String),
  lastPass: Schema.NullOr(LastPass),
  lastGoodAt: Schema.NullOr(Timestamp),
  nextAt: Schema.NullOr(Timestamp)
}).annotate({ identifier: "PollerState" })
export type PollerState = typeof PollerState.Type

export const Overview = Schema.Struct({
  version: Schema.String,
  startedAt: Timestamp,
  paused: Schema.NullOr(Pause),
  poller: PollerState,
  teams: Schema.Array(
    Schema.Struct({
      teamKey: Schema.String,
      used: Schema.Int,
      cap: Schema.Int,
      waiting: Schema.Int,
      paused: Schema.Boolean
    })
  ),
  waiting: Schema.Array(Schema.Struct({ reason: ReasonTag, count: Schema.Int })),
  outcomes24h: Schema.Array(
    Schema.Struct({
      hour: Timestamp,
      delivered: Schema.Int,
      failed: Schema.Int,
      lost: Schema.Int,
      timed_out: Schema.Int,
      cancelled: Schema.Int
    })
  ),
  upstreams: Schema.Array(UpstreamState),
  /** Notifications not yet sent, set aside after too many attempts, and the last error. */
  notifications: Schema.Struct({
    pending: Schema.Int,
    setAside: Schema.Int,
    lastError: Schema.NullOr(Schema.String)
  }),
  setup: Schema.Array(
    Schema.Struct({ setting: Schema.String, neededFor: Schema.String, message: Schema.String })
  ),
  settings: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      value: Schema.String,
      source: Schema.Literals(["env", "db", "default"])
    })
  )
}).annotate({ identifier: "Overview" })
export type Overview = typeof Overview.Type
