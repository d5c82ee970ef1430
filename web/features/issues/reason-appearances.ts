import type { ReasonTag } from "../../../src/domain/Reason.ts"
import type { IconName } from "../../lib/icons.ts"
import type { Tone } from "../../styles/tones.ts"

export interface ReasonAppearance {
  readonly icon: IconName
  readonly tone: Tone
  /** What ends the wait: a person who acts here, time or other work, or nothing, because it is in progress. */
  readonly ends: "person" | "itself" | "nothing"
}

const person = (icon: IconName, tone: Tone): ReasonAppearance => ({ icon, tone, ends: "person" })
const itself = (icon: IconName, tone: Tone = "waiting"): ReasonAppearance => ({ icon, tone, ends: "itself" })
const nothing = (icon: IconName, tone: Tone): ReasonAppearance => ({ icon, tone, ends: "nothing" })

export const reasonAppearances: Record<ReasonTag, ReasonAppearance> = {
  globally_paused: person("pause", "waiting"),
  no_mapping: person("warning", "failed"),
  paused: person("pause", "waiting"),
  waiting_answer: person("bubble", "waiting"),
  running: nothing("dot", "running"),
  settling: nothing("halfCircle", "running"),
  unreadable: person("warning", "failed"),
  labelled_elsewhere: person("slash", "waiting"),
  ready_for_review: nothing("check", "succeeded"),
  open_pull_request: nothing("check", "succeeded"),
  blocked: itself("slash"),
  held: person("pause", "waiting"),
  parked: person("box", "parked"),
  waiting_approval: person("bubble", "waiting"),
  dedup: itself("clock"),
  backing_off: itself("clock"),
  tracker_not_ready: person("warning", "failed"),
  not_configured: person("warning", "failed"),
  provider_unsupported: person("warning", "failed"),
  repository_not_ready: person("warning", "failed"),
  budget_low: itself("clock"),
  upstream_down: itself("warning", "failed"),
  hourly_limit: itself("clock"),
  team_at_capacity: itself("clock"),
  lost_race: itself("clock")
}
