import * as Effect from "effect/Effect"
import type { RunContext } from "../../domain/RunnerMessages.ts"
import type { CodeHost } from "../../upstreams/CodeHost.ts"
import type { Discussion, Tracker } from "../../upstreams/Tracker.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"
import type { SettlementsRepo } from "../dispatches/SettlementsRepo.ts"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"

/** What a run's context has besides the row of its dispatch. */
export interface Around extends Discussion {
  readonly plan: string | null
  readonly pullRequest: RunContext["pullRequest"]
  readonly questionsToken: string | null
}

/** What the claimant of a dispatch receives. */
export const runContext = (
  row: DispatchRow,
  { comments, parent, plan, pullRequest, questionsToken }: Around
): RunContext => ({
  dispatchId: row.id,
  phase: row.phase,
  trigger: row.trigger,
  identifier: row.issueIdentifier,
  title: row.issueTitle,
  description: row.issueDescription,
  url: row.issueUrl,
  comments,
  parent,
  plan,
  planFeedback: row.planFeedback,
  previousPlan: row.previousPlan,
  repo: `${row.owner}/${row.repo}`,
  ref: row.ref,
  baseBranch: row.ref,
  branch: row.branch,
  pullRequest,
  followUp: null,
  sessionMode: row.sessionMode,
  deadlineAt: row.deadlineAt,
  maxCostUsd: null,
  maxTurns: null,
  questionsToken
})

/** Reads what people say around the issue, and the head of the pull request that the run continues. */
export const makeReadAround = (
  tracker: Tracker["Service"],
  codeHost: CodeHost["Service"],
  settlements: SettlementsRepo["Service"]
) =>
  Effect.fn("Runner.readAround")(function* ({
    issueId,
    owner,
    prNumber,
    repo
  }: DispatchRow): Effect.fn.Return<Pick<Around, "comments" | "parent" | "pullRequest">, UpstreamError> {
    const ours = yield* settlements.commentIds(issueId)
    const { discussion, head } = yield* Effect.all(
      {
        discussion: tracker.discussion({ issueId, ours }),
        head: prNumber === null ? Effect.succeed(null) : codeHost.head({ owner, repo, number: prNumber })
      },
      { concurrency: 2 }
    )
    return {
      ...discussion,
      pullRequest: head === null ? null : { number: head.number, headSha: head.sha }
    }
  })
