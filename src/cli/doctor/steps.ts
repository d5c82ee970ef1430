import type { Mapping } from "../../domain/Mapping.ts"
import type { Overview } from "../../domain/Overview.ts"
import type { Issue } from "../../domain/Issue.ts"
import type { Readiness } from "../../domain/Readiness.ts"
import { sayReason } from "../../domain/sayReason.ts"

/** What the running service tells; null while it does not answer or nobody is signed in. */
export interface Told {
  readonly overview: Overview
  readonly mappings: ReadonlyArray<Mapping>
  readonly readiness: ReadonlyArray<{ readonly teamKey: string; readonly readiness: Readiness }>
  readonly issues: ReadonlyArray<Issue>
  readonly dispatched: number
}

export interface Facts {
  readonly url: string
  /** Why the environment here cannot be used; null when it can. */
  readonly invalid: string | null
  /** What the environment here lacks. */
  readonly missing: Overview["setup"]
  readonly answers: boolean
  readonly told: Told | null
}

export interface Step {
  readonly step: string
  /** `note`: nothing that a dispatch waits for. */
  readonly state: "done" | "todo" | "later" | "note"
  readonly message: string
}

const run = (command: string) => `npm run ai-implement -- ${command}`

const required = ["ADMIN_ACCESS_CODE", "LINEAR_API_KEY", "GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"]

const where = "Settings belong into the environment of the service, or into a file .env in its folder."

const done = (step: string, message: string): Step => ({ step, state: "done", message })
const todo = (step: string, message: string): Step => ({ step, state: "todo", message })

const settings = ({ invalid, missing, told }: Facts): ReadonlyArray<Step> => {
  if (told === null && invalid !== null) return [todo("settings", invalid)]
  const lacking = told?.overview.setup ?? missing
  const first = lacking[0]?.setting
  return required.map((setting) => {
    const found = lacking.find((each) => each.setting === setting)
    if (found === undefined) return done(setting, "is set.")
    const { message, neededFor } = found
    return todo(setting, `is needed for ${neededFor}. ${message}${setting === first ? ` ${where}` : ""}`)
  })
}

const upstreams = (told: Told | null): ReadonlyArray<Step> => {
  const failing = told?.overview.upstreams.filter(({ state }) => state === "down" || state === "degraded")
  return failing === undefined || failing.length > 0
    ? (failing ?? []).map(({ error, name, state }) =>
        todo(name, `is ${state}. ${error ?? "Its error is not known."}`)
      )
    : [done("upstreams", "answer, as far as they were asked.")]
}

const mapped = (told: Told | null): Step =>
  told !== null && told.mappings.length > 0
    ? done("mapping", `${told.mappings.map(({ teamKey }) => teamKey).join(", ")}.`)
    : todo("mapping", `Say which repository a Linear team belongs to: ${run("mappings set TEAM owner/repo")}`)

const ready = (told: Told | null): ReadonlyArray<Step> =>
  (told?.readiness ?? []).flatMap(({ readiness, teamKey }) => {
    const step = `repository of ${teamKey}`
    const wrong = readiness.checks.filter(({ ok }) => !ok)
    return wrong.length === 0
      ? [done(step, "has what a dispatch needs.")]
      : wrong.map(({ fix, message }) => ({
          step,
          state: readiness.ready ? "note" : "todo",
          message: fix === null ? message : `${message} ${fix}`
        }))
  })

const poller = (told: Told | null): ReadonlyArray<Step> => {
  if (told === null) return []
  const { paused, poller } = told.overview
  if (paused !== null) return [todo("dispatching", `is paused. Resume it: ${run("resume")}`)]
  const error = poller.lastPass?.error ?? null
  return error === null ? [] : [todo("passes", `The last one failed: ${error}`)]
}

const labelled = (told: Told | null): Step => {
  const label = told?.overview.settings.find(({ name }) => name === "PICKUP_LABEL")?.value ?? "AI-Implement"
  return told !== null && (told.issues.length > 0 || told.dispatched > 0)
    ? done("issue", `wears the label ${label}.`)
    : todo(
        "issue",
        `Put the label ${label} on an issue of a mapped team in Linear, then ask for a pass: ${run("poll")}`
      )
}

const dispatched = (told: Told | null): Step => {
  if (told !== null && told.dispatched > 0)
    return done("dispatch", `There are some. See them with: ${run("log")}`)
  const waiting = told?.issues.find(({ reason }) => reason !== null)
  const reason = waiting?.reason ?? null
  return todo(
    "dispatch",
    waiting === undefined || reason === null
      ? `The next pass dispatches it. Ask for one: ${run("poll")}`
      : `${waiting.identifier} waits: ${sayReason(reason)}.`
  )
}

/** Every step to the first dispatch, in order; those after the first that is to be done come later. */
export const stepsOf = (facts: Facts): ReadonlyArray<Step> => {
  const { answers, told, url } = facts
  const steps = [
    ...(told === null && answers ? [] : settings(facts)),
    answers
      ? done("service", `answers at ${url}.`)
      : todo("service", `does not answer at ${url}. Start it: ${run("serve")}`),
    told === null
      ? todo("sign in", `Sign in with the access code: ${run("login")}`)
      : done("sign in", "You are signed in."),
    ...upstreams(told),
    mapped(told),
    ...ready(told),
    ...poller(told),
    labelled(told),
    dispatched(told)
  ]
  const first = steps.findIndex(({ state }) => state === "todo")
  return steps.map((each, index) =>
    each.state === "todo" && index > first ? { ...each, state: "later" } : each
  )
}
