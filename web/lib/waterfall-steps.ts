import * as DateTime from "effect/DateTime"
import type { Dispatch, DispatchEvent } from "../../src/domain/Dispatch.ts"
import { words } from "../strings/dispatch.ts"
import { sentence } from "./sentence.ts"
import type { Tone } from "../styles/tones.ts"

export interface Mark {
  readonly at: number
  readonly text: string
}

/** One bar of the waterfall, in epoch milliseconds; `to` is null while it runs. */
export interface Step {
  readonly name: string
  readonly from: number
  readonly to: number | null
  readonly tone: Tone
  readonly marks: ReadonlyArray<Mark>
  /** A part of the step before it that is no part. */
  readonly part?: true
}

interface Opened {
  readonly name: string
  readonly tone: Tone
  readonly from: number
}

const outcomeTone = ({ outcome }: Pick<Dispatch, "outcome">): Tone => {
  if (outcome === null) return "running"
  if (outcome.kind === "delivered") return "succeeded"
  return outcome.kind === "cancelled" ? "neutral" : "failed"
}

const effects: Partial<Record<string, string>> = words.effect

const opens = (dispatch: Dispatch, type: string, launches: number): Omit<Opened, "from"> | undefined => {
  switch (type) {
    case "reserved":
    case "not_sent":
      return { name: words.steps.reserved, tone: "neutral" }
    case "launching":
      return { name: launches > 1 ? words.steps.launchAgain(launches) : words.steps.launch, tone: "running" }
    case "uncertain":
      return { name: words.steps.uncertain, tone: "waiting" }
    case "running":
      return { name: words.steps.run, tone: outcomeTone(dispatch) }
    case "stop_requested":
      return { name: words.steps.stop, tone: "waiting" }
    case "run_ended":
      return { name: words.steps.pullRequest, tone: "neutral" }
    default:
      return undefined
  }
}

// What a run did, as far as it reported: its steps, and the time it waited for an answer.
const partsOf = (
  { outcome }: Dispatch,
  reports: ReadonlyArray<DispatchEvent>,
  from: number,
  to: number | null
): ReadonlyArray<Step> => {
  const part = (name: string, from: number, tone: Tone = "neutral") => ({
    name,
    from,
    to,
    tone,
    marks: [],
    part: true as const
  })
  let step = part(words.steps.start, from)
  let question = step
  const parts = [step]
  for (const { at, message, type } of reports) {
    const now = DateTime.toEpochMillis(at)
    if (type === "step") {
      step.to = now
      parts.push((step = part(sentence(message), now)))
    } else if (type === "question_asked") {
      parts.push((question = part(words.steps.question, now, "waiting")))
    } else if (question !== step && type.startsWith("question_")) question.to = now
  }
  if (to === null || (outcome !== null && outcome.kind !== "delivered")) step.tone = outcomeTone({ outcome })
  return parts.length > 1 ? parts : []
}

const inRun = (type: string) => type === "step" || type === "claimed" || type.startsWith("question_")

const millis = (at: DateTime.Utc | null) => (at === null ? null : DateTime.toEpochMillis(at))

/** What a dispatch went through, from its events; settling is one step for each effect, so that what is late is seen. */
export const stepsOf = (dispatch: Dispatch, events: ReadonlyArray<DispatchEvent>): ReadonlyArray<Step> => {
  const finished = millis(dispatch.finishedAt)
  const settled = millis(dispatch.settledAt)
  const steps: Array<Step> = []
  let open: Opened | null = {
    name: words.steps.reserved,
    tone: "neutral",
    from: DateTime.toEpochMillis(dispatch.reservedAt)
  }
  let marks: Array<Mark> = []
  let reports: Array<DispatchEvent> = []
  let launches = 0
  const close = (at: number | null) => {
    if (open !== null) {
      const tone = at !== null && dispatch.outcome === null ? "neutral" : open.tone
      steps.push({ ...open, tone, to: at, marks }, ...partsOf(dispatch, reports, open.from, at))
    }
    open = null
    marks = []
    reports = []
  }
  for (const event of events) {
    const at = DateTime.toEpochMillis(event.at)
    if (finished !== null && at >= finished) break
    if (event.type === "launching") launches++
    const next = event.type === "reserved" ? undefined : opens(dispatch, event.type, launches)
    if (next === undefined) {
      if (inRun(event.type)) reports.push(event)
      else if (event.type !== "reserved") marks.push({ at, text: event.message })
      continue
    }
    close(at)
    open = { ...next, from: at }
  }
  close(finished)
  if (finished === null) return steps
  for (const event of events) {
    const effect = /^(.+)_(?:done|given_up)$/.exec(event.type)?.[1]
    if (effect === undefined) continue
    steps.push({
      name: effects[effect] ?? effect,
      tone: event.type.endsWith("_done") ? "neutral" : "failed",
      from: finished,
      to: DateTime.toEpochMillis(event.at),
      marks: []
    })
  }
  for (const { effect, lastError } of dispatch.pending) {
    const marks = lastError === null ? [] : [{ at: finished, text: lastError }]
    steps.push({ name: words.effect[effect], tone: "waiting", from: finished, to: null, marks })
  }
  const late = settled ?? finished
  if (dispatch.pending.length === 0 && !events.some(({ type }) => type.endsWith("_done"))) {
    steps.push({ name: words.steps.settle, tone: "neutral", from: finished, to: settled ?? late, marks: [] })
  }
  return steps
}
