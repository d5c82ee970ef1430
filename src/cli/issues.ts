import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Issue } from "../domain/Issue.ts"
import { ReasonTag } from "../domain/Reason.ts"
import { describeReason } from "../domain/describeReason.ts"
import { call } from "./call.ts"
import { failed } from "./failed.ts"
import { clean, columns, show } from "./show.ts"
import { StoredDispatchId, TeamKey } from "../domain/Ids.ts"

const ref = Argument.String("issue").pipe(Argument.withDescription("An issue, such as ENG-42"))

const line = ({ decision, identifier, phase, reason, title }: Issue) => [
  identifier,
  decision === "dispatch" ? `dispatch ${phase ?? ""}` : (reason?._tag ?? "wait"),
  title
]

const why = ({ decision, identifier, reason, since, title }: Issue) => [
  `${identifier} ${clean(title)}`,
  decision === "dispatch" || reason === null
    ? "It is dispatched by the next pass."
    : `It waits since ${DateTime.formatIso(since)}: ${clean(describeReason(reason))}.`
]

const explain = Command.make(
  "explain",
  { ref },
  Effect.fn(function* ({ ref }) {
    const [issue] = yield* call((client) => client.issues.list({ query: { issue: ref } }))
    if (issue === undefined) {
      return yield* failed(
        `${ref} is not a candidate: it does not have the pickup label, is closed, or no pass has read it yet. Request a pass with: npm run ai-implement -- poll`
      )
    }
    const { dispatchId: id } = issue
    const latest =
      id === null
        ? null
        : yield* call((client) => client.dispatches.get({ params: { id: StoredDispatchId.make(id) } }))
    yield* show(
      issue,
      latest === null || latest.outcome !== null
        ? why(issue)
        : [
            `${issue.identifier} ${clean(issue.title)}`,
            `Its ${latest.phase} is ${latest.status} (dispatch ${latest.id}).`
          ]
    )
  })
).pipe(Command.withDescription("Why an issue waits"))

export const issues = Command.make(
  "issues",
  {
    team: Flag.String("team").pipe(
      Flag.withSchema(TeamKey),
      Flag.withDescription("Only this team"),
      Flag.optional
    ),
    reason: Flag.Literals("reason", ReasonTag.literals).pipe(
      Flag.withDescription("Only those that wait for this reason"),
      Flag.optional
    )
  },
  Effect.fn(function* ({ reason, team }) {
    const query = {
      ...(Option.isSome(team) ? { team: team.value } : {}),
      ...(Option.isSome(reason) ? { reason: reason.value } : {})
    }
    const all = yield* call((client) => client.issues.list({ query }))
    const none = Object.keys(query).length > 0 ? "No matching issues." : "No pass has found a candidate yet."
    yield* show(all, all.length === 0 ? [none] : columns(all.map(line)))
  })
).pipe(Command.withDescription("The candidates, and what was decided"), Command.withSubcommands([explain]))

interface Change {
  readonly issue: Issue
  readonly cleared: ReadonlyArray<string>
}

const changed = (what: string, { cleared }: Change) => [
  what,
  ...(cleared.length === 0 ? [] : [`Cleared: ${cleared.join(", ")}.`])
]

export const approve = Command.make(
  "approve",
  { ref },
  Effect.fn(function* ({ ref }) {
    const change = yield* call((client) => client.issues.approve({ params: { issueId: ref } }))
    const { identifier } = change.issue
    yield* show(change, changed(`The plan of ${identifier} is approved. A pass is requested.`, change))
  })
).pipe(Command.withDescription("Approve the plan of an issue"))

export const reject = Command.make(
  "reject",
  {
    ref,
    reason: Flag.String("reason").pipe(Flag.withDescription("What the next plan should do differently"))
  },
  Effect.fn(function* ({ reason, ref }) {
    const change = yield* call((client) =>
      client.issues.reject({ params: { issueId: ref }, payload: { reason } })
    )
    const { failures, identifier } = change.issue
    const next =
      failures.parkedAt === null ? "Another plan is made." : "Rejection limit reached; the issue is parked."
    yield* show(change, changed(`The plan of ${identifier} is rejected. ${next}`, change))
  })
).pipe(Command.withDescription("Reject the plan of an issue; another is made"))

export const unpark = Command.make(
  "unpark",
  { ref },
  Effect.fn(function* ({ ref }) {
    const change = yield* call((client) => client.issues.unpark({ params: { issueId: ref } }))
    yield* show(change, changed(`${change.issue.identifier} may be dispatched again.`, change))
  })
).pipe(Command.withDescription("Let a parked or held issue be dispatched again"))
