import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { CommentRef } from "../comments/TriggersRepo.ts"
import { askedIn } from "../../domain/Command.ts"
import { someText } from "../../domain/Text.ts"

/** What an event leads to: a pass if the team is mapped or not known, a signal to a loop, or the reading of a comment. */
export type Consequence =
  | { readonly _tag: "Nothing" }
  | { readonly _tag: "Pass"; readonly teamKey: string | null }
  | { readonly _tag: "Signal"; readonly who: "monitor" | "pull-requests" }
  | { readonly _tag: "Comment"; readonly comment: CommentRef }

const nothing: Consequence = { _tag: "Nothing" }

const linearTypes = new Set(["Issue", "Comment", "IssueLabel"])

const decodeLinear = Schema.decodeUnknownOption(
  Schema.Struct({ type: Schema.String, webhookTimestamp: Schema.Finite })
)

const Team = Schema.Struct({ team: Schema.Struct({ key: Schema.String }) })

const decodeTeam = Schema.decodeUnknownOption(
  Schema.Struct({
    data: Schema.Union([Team, Schema.Struct({ issue: Team })]),
    updatedFrom: Schema.optional(Schema.NullOr(Schema.Struct({ teamId: Schema.optional(Schema.Unknown) })))
  })
)

// An issue that moves concerns two teams, of which the event names one.
const teamOf = (body: unknown) =>
  Option.match(decodeTeam(body), {
    onNone: () => null,
    onSome: ({ data, updatedFrom }) => {
      if (updatedFrom?.teamId !== undefined) return null
      return "team" in data ? data.team.key : data.issue.team.key
    }
  })

/** What follows from a Linear event; none for an invalid body. */
export const readLinear = (body: unknown) =>
  Option.map(decodeLinear(body), ({ type }): Consequence =>
    linearTypes.has(type) ? { _tag: "Pass", teamKey: teamOf(body) } : nothing
  )

const Id = Schema.Int.check(Schema.isGreaterThan(0))
const PrNumber = Id.check(Schema.isLessThan(2 ** 31))
const Name = someText(100)

const decodeRun = Schema.decodeUnknownOption(
  Schema.Struct({ workflow_run: Schema.Struct({ event: Schema.String }) })
)
const decodePullRequest = Schema.decodeUnknownOption(
  Schema.Struct({ pull_request: Schema.Struct({ number: PrNumber }) })
)
const decodeComment = Schema.decodeUnknownOption(
  Schema.Struct({
    action: Schema.String,
    repository: Schema.Struct({
      name: Name,
      owner: Schema.Struct({ login: Name })
    }),
    issue: Schema.Struct({ number: PrNumber, pull_request: Schema.optionalKey(Schema.Unknown) }),
    comment: Schema.Struct({ id: Id, body: Schema.NullOr(Schema.String) })
  })
)
const decodeAny = Schema.decodeUnknownOption(Schema.Record(Schema.String, Schema.Unknown))

/** A GitHub event of the type in its header; none for an invalid body. */
export const readGitHub = (event: string, body: unknown): Option.Option<Consequence> => {
  switch (event) {
    case "workflow_run":
      return Option.map(decodeRun(body), ({ workflow_run }) =>
        workflow_run.event === "workflow_dispatch" ? { _tag: "Signal", who: "monitor" } : nothing
      )
    case "pull_request":
      return Option.map(decodePullRequest(body), () => ({ _tag: "Signal", who: "pull-requests" }))
    case "issue_comment":
      return Option.map(decodeComment(body), ({ action, comment, issue, repository }) =>
        action === "created" && issue.pull_request !== undefined && askedIn(comment.body ?? "") !== null
          ? {
              _tag: "Comment",
              comment: {
                owner: repository.owner.login,
                repo: repository.name,
                prNumber: issue.number,
                commentId: comment.id
              }
            }
          : nothing
      )
  }
  return Option.as(decodeAny(body), nothing)
}
