import type { Dispatch } from "../../domain/Dispatch.ts"
import type { Issue } from "../../domain/Issue.ts"
import type { Mapping } from "../../domain/Mapping.ts"
import type { Overview } from "../../domain/Overview.ts"
import type { Readiness } from "../../domain/Readiness.ts"
import { describeReason } from "../../domain/describeReason.ts"
import type { ConnectionTest } from "../../domain/ConnectionTest.ts"

export interface ServiceFacts {
  readonly _tag: "Answered"
  readonly overview: Overview
  /** Connection tests made just now; `needed` by a dispatch. */
  readonly connectionTests: ReadonlyArray<ConnectionTest & { readonly needed: boolean }>
  readonly mappings: ReadonlyArray<Mapping>
  /** A sentence where the check failed. */
  readonly readiness: ReadonlyArray<{ readonly teamKey: string; readonly readiness: Readiness | string }>
  readonly issues: ReadonlyArray<Issue>
  readonly latest: Dispatch | null
}

export interface Silent {
  readonly _tag: "Silent"
  readonly reason: string
  readonly message: string
}

export interface Facts {
  readonly url: string
  /** Why the local environment cannot be used; null when it can. */
  readonly invalid: string | null
  /** Settings that the local environment lacks. */
  readonly missing: Overview["setup"]
  readonly service: ServiceFacts | Silent
}

export interface Step {
  readonly step: string
  /** `note`: nothing that a dispatch waits for. */
  readonly state: "done" | "todo" | "later" | "note"
  readonly message: string
}

const run = (command: string) => `npm run ai-implement -- ${command}`

const done = (step: string, message: string): Step => ({ step, state: "done", message })
const todo = (step: string, message: string): Step => ({ step, state: "todo", message })
const note = (step: string, message: string): Step => ({ step, state: "note", message })

const required = ["ADMIN_ACCESS_CODE", "LINEAR_API_KEY", "GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"]

// A dispatch does not wait for these.
const noted = new Set(["TRUST_PROXY"])

const notes = (lacking: Overview["setup"]): ReadonlyArray<Step> =>
  lacking.filter(({ setting }) => noted.has(setting)).map(({ message, setting }) => note(setting, message))

const settings = (lacking: Overview["setup"]): ReadonlyArray<Step> => {
  const missing = lacking
    .filter(({ setting }) => /^[A-Z_]+$/.test(setting) && !noted.has(setting))
    .map(({ message, neededFor, setting }, index) =>
      todo(
        setting,
        `is needed for ${neededFor}. ${message}${index === 0 ? " It goes into the environment of the service, or into the file .env in its folder." : ""}`
      )
    )
  const set = required.filter((setting) => !missing.some(({ step }) => step === setting))
  return [...set.map((setting) => done(setting, "is set.")), ...missing]
}

const isLocal = (url: string) => /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(url).hostname)

const unreachable = ({ invalid, missing, url }: Facts): ReadonlyArray<Step> => {
  if (!isLocal(url))
    return [todo("service", `does not answer at ${url}. Check the address, and that the service runs there.`)]
  return [
    ...(invalid === null ? settings(missing) : [todo("settings", invalid)]),
    todo("service", `does not answer at ${url}. Start it, and leave it running: ${run("serve")}`)
  ]
}

const signIn = todo("sign in", `Sign in with the access code: ${run("login")}`)

const silent = (facts: Facts, { message, reason }: Silent): ReadonlyArray<Step> => {
  switch (reason) {
    case "Unreachable":
      return [...unreachable(facts), signIn]
    case "Unauthorized":
      return [done("service", `answers at ${facts.url}.`), signIn]
    case "Disabled":
      return [todo("ADMIN_ACCESS_CODE", message), signIn]
    default:
      return [todo("service", `at ${facts.url}: ${message}`), signIn]
  }
}

const tried = ({ connectionTests }: ServiceFacts): ReadonlyArray<Step> =>
  connectionTests.map(({ message, needed, ok, what }) => (ok ? done : needed ? todo : note)(what, message))

const notifications = ({ overview }: ServiceFacts): ReadonlyArray<Step> => {
  if (!overview.settings.some(({ name }) => name === "NOTIFY_WEBHOOK_URL")) return []
  const { lastError } = overview.notifications
  return [
    lastError === null
      ? done("notifications", "are set up. The Settings page of the admin sends one to try it.")
      : note("notifications", `do not arrive: ${lastError} Try it again on the Settings page of the admin.`)
  ]
}

const mapToRepository = todo(
  "mapping",
  `Say which repository on GitHub a Linear team belongs to: ${run("mappings set TEAM owner/repo")}`
)

const mapped = ({ mappings }: ServiceFacts): Step =>
  mappings.length > 0
    ? done(
        "mapping",
        `${mappings.map(({ owner, repo, teamKey }) => `${teamKey} → ${owner}/${repo}`).join(", ")}.`
      )
    : mapToRepository

const ready = ({ readiness }: ServiceFacts): ReadonlyArray<Step> =>
  readiness.flatMap(({ readiness, teamKey }): ReadonlyArray<Step> => {
    const step = `repository of ${teamKey}`
    if (typeof readiness === "string") return [todo(step, readiness)]
    const wrong = readiness.checks.filter(({ ok }) => !ok)
    return wrong.length === 0
      ? [done(step, "has what a dispatch needs.")]
      : wrong.map(({ fix, message }) =>
          (readiness.ready ? note : todo)(step, fix === null ? message : `${message} ${fix}`)
        )
  })

const poller = ({ overview: { paused, poller } }: ServiceFacts): ReadonlyArray<Step> => {
  if (paused !== null) {
    const why = paused.reason === null ? "" : `: ${paused.reason.replace(/\.$/, "")}`
    return [todo("dispatching", `is paused${why}. Resume it: ${run("resume")}`)]
  }
  if (poller.state === "stuck")
    return [todo("passes", "None has begun or ended in time. Restart the service, and check its log.")]
  const error = poller.lastPass?.error ?? null
  return error === null
    ? []
    : [todo("passes", `The last one failed: ${error} The next one follows automatically.`)]
}

const putLabel = (label: string) =>
  todo(
    "issue",
    `Put the label ${label} on an open issue of a mapped team in Linear, then request a pass: ${run("poll")}`
  )

const labelled = ({ issues, latest, overview }: ServiceFacts): Step => {
  const label = overview.settings.find(({ name }) => name === "PICKUP_LABEL")?.value ?? "AI-Implement"
  return issues.length > 0 || latest !== null ? done("issue", `has the label ${label}.`) : putLabel(label)
}

const nextPass = todo("dispatch", `The next pass dispatches it. Request one: ${run("poll")}`)

const dispatched = ({ issues, latest }: ServiceFacts): Step => {
  if (latest !== null) {
    const { issueIdentifier, outcome, status } = latest
    const how = outcome === null ? status : `${status} (${outcome.message.replace(/\.$/, "")})`
    return done("dispatch", `The latest, of ${issueIdentifier}, is ${how}. See them all: ${run("log")}`)
  }
  const waiting = issues.find(({ reason }) => reason !== null)
  return waiting === undefined || waiting.reason === null
    ? nextPass
    : todo("dispatch", `${waiting.identifier} waits: ${describeReason(waiting.reason)}.`)
}

const all = (facts: Facts): ReadonlyArray<Step> => {
  const { service, url } = facts
  if (service._tag === "Silent")
    return [...silent(facts, service), mapToRepository, putLabel("AI-Implement"), nextPass]
  return [
    ...settings(service.overview.setup),
    ...notes(service.overview.setup),
    done("service", `answers at ${url}.`),
    done("sign in", "You are signed in."),
    ...tried(service),
    ...notifications(service),
    mapped(service),
    ...ready(service),
    ...poller(service),
    labelled(service),
    dispatched(service)
  ]
}

/** Every step to the first dispatch, in order; those after the first open one are `later`. */
export const stepsOf = (facts: Facts): ReadonlyArray<Step> => {
  const steps = all(facts)
  const first = steps.findIndex(({ state }) => state === "todo")
  return steps.map((each, index) =>
    each.state === "todo" && index > first ? { ...each, state: "later" } : each
  )
}
