import * as DateTime from "effect/DateTime"
import type { Reason } from "./Reason.ts"

/** A piece of a clause: text, or a value that a page shows as a link or a local time. */
export type ClausePart =
  | string
  | { readonly _tag: "Time"; readonly at: DateTime.Utc }
  | { readonly _tag: "Link"; readonly url: string; readonly text: string }
  | { readonly _tag: "Dispatch"; readonly id: string; readonly text: string }

/** Why an issue waits, and what the operator can do about it. */
export interface ReasonClauses {
  readonly fact: ReadonlyArray<ClausePart>
  readonly remedy: ReadonlyArray<ClausePart>
}

const time = (at: DateTime.Utc) => ({ _tag: "Time" as const, at })

const dispatch = (id: string) => ({ _tag: "Dispatch" as const, id, text: `dispatch ${id}` })

const link = (url: string, text = url) => ({ _tag: "Link" as const, url, text })

const clauses = (fact: ReadonlyArray<ClausePart>, ...remedy: ReadonlyArray<ClausePart>): ReasonClauses => ({
  fact,
  remedy
})

const joined = (problems: ReadonlyArray<{ readonly message: string }>) =>
  problems.map(({ message }) => message.replace(/\.$/, "")).join("; ")

/** The clauses of a reason, part by part; `describeReason` joins them as text. */
export const reasonClauses = (reason: Reason): ReasonClauses => {
  switch (reason._tag) {
    case "globally_paused":
      return clauses(["dispatching is paused"], "resume it first")
    case "no_mapping":
      return clauses([`the team ${reason.teamKey} has no mapping`], "add one")
    case "paused":
      return clauses(["its mapping is paused"], "resume it first")
    case "waiting_answer":
      return clauses(
        [dispatch(reason.dispatchId), " asks a question"],
        "answer it before ",
        time(reason.expiresAt)
      )
    case "running":
      return clauses([`its ${reason.phase} is ${reason.status} (`, dispatch(reason.dispatchId), ")"])
    case "settling":
      return clauses([
        dispatch(reason.dispatchId),
        ` still settles ${reason.pending.join(", ") || "its end"}`
      ])
    case "unreadable":
      return clauses([`Linear does not show its ${reason.what}`], "check what LINEAR_API_KEY may see")
    case "labelled_elsewhere":
      return clauses(
        [`it has the label ${reason.label} but no dispatch here`],
        "remove the label or reset the issue"
      )
    case "ready_for_review":
      return clauses(["it has the label Ready for Review"], "remove the label to run it again")
    case "open_pull_request":
      return clauses(["its pull request is open: ", link(reason.url)])
    case "blocked":
      return clauses([
        "it is blocked by ",
        ...reason.by.flatMap(({ identifier, url }, index) =>
          index === 0 ? [link(url, identifier)] : [", ", link(url, identifier)]
        ),
        ...(reason.more ? [" and more"] : [])
      ])
    case "held":
      return clauses([`${reason.by} cancelled its dispatch at `, time(reason.at)], "release it first")
    case "parked":
      return clauses(
        [
          `it is parked ${reason.failures === 0 ? `because ${reason.last}` : `after ${reason.failures} ${reason.failures === 1 ? "failure" : "failures"}`}`
        ],
        "un-park it first"
      )
    case "waiting_approval":
      return reason.ignoredLabel === true
        ? clauses(
            ["its plan waits for approval, and Plan-Approved is older than the plan"],
            "approve the plan, or remove the label and add it again"
          )
        : clauses(
            ["it has no approved plan"],
            "approve the plan if there is one, or dispatch the planning phase first"
          )
    case "dedup":
      return clauses(
        ["it was dispatched in the last 24 h"],
        "wait until ",
        time(reason.until),
        " or remove it from dedup"
      )
    case "backing_off":
      return clauses(
        [`it failed ${reason.failures === 1 ? "once" : `${reason.failures} times`}`],
        "wait until ",
        time(reason.until)
      )
    case "tracker_not_ready":
      return clauses([`its team in Linear is not ready: ${joined(reason.problems)}`])
    case "not_configured":
      return clauses([`these settings are missing: ${reason.missing.join(", ")}`])
    case "provider_unsupported":
      return clauses([`${reason.provider} does not run with ${reason.mode}`], "change the mapping")
    case "repository_not_ready":
      return clauses([`its repository is not ready: ${joined(reason.problems)}`])
    case "budget_low":
      return clauses([`the request budget of ${reason.upstream} is low`], "wait until ", time(reason.until))
    case "upstream_down":
      return clauses([`${reason.upstream} has not answered since `, time(reason.since)])
    case "hourly_limit":
      return clauses(["its team has reached MAX_DISPATCHES_PER_HOUR"], "wait until ", time(reason.until))
    case "team_at_capacity":
      return clauses(
        [`its team uses ${reason.used} of ${reason.cap} slots`],
        "wait, or raise the cap of its mapping"
      )
    case "lost_race":
      return clauses(["another dispatch took its place just now"], "try again")
  }
}

const toText = (parts: ReadonlyArray<ClausePart>) =>
  parts
    .map((part) =>
      typeof part === "string" ? part : part._tag === "Time" ? DateTime.formatIso(part.at) : part.text
    )
    .join("")

/** Why an issue waits and what changes it, as one clause of plain text. */
export const describeReason = (reason: Reason) => {
  const { fact, remedy } = reasonClauses(reason)
  return remedy.length === 0 ? toText(fact) : `${toText(fact)}; ${toText(remedy)}`
}
