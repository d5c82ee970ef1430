import type { DispatchRow } from "./DispatchRow.ts"
import type { PullRequest, SettlementStep } from "../../domain/Dispatch.ts"
import type { FailureState } from "../../domain/Failures.ts"
import type { Issue } from "../../domain/Issue.ts"
import { labels } from "../../domain/Labels.ts"
import type { Outcome } from "../../domain/Outcome.ts"
import type { Notice, NoticeKind } from "../../messaging/Notifications/Notice.ts"

const about = (
  row: DispatchRow,
  kind: NoticeKind,
  said: string,
  text: string | null = null,
  pullRequest: PullRequest | null = null
): Notice => ({
  kind,
  headline: `${row.issueIdentifier}: ${said}`,
  title: row.issueTitle,
  text,
  links: [
    ...(pullRequest === null ? [] : [{ label: `Pull request #${pullRequest.number}`, url: pullRequest.url }]),
    { label: "Issue", url: row.issueUrl },
    ...(row.run === null ? [] : [{ label: "Run", url: row.run.url }])
  ],
  page: `/admin/dispatches/${row.id}`
})

const phaseOf = ({ phase }: DispatchRow) => (phase === "planning" ? "the planning" : "the implementation")

export const startedNotice = (row: DispatchRow) => about(row, "started", `${phaseOf(row)} has started`)

const planNotice = (row: DispatchRow, autoApproved: boolean) =>
  autoApproved
    ? about(row, "plan_ready", "the plan is ready, its implementation follows")
    : about(
        row,
        "approval_wanted",
        "the plan is ready and waits for approval",
        `Read it on the issue. Approve it in the admin or with the label ${labels.planApproved}, or reject it with a reason.`
      )

const endNotice = (
  row: DispatchRow,
  outcome: Outcome,
  pullRequest: PullRequest | null,
  autoApproved: boolean
) => {
  switch (outcome.kind) {
    case "delivered":
      return row.phase === "planning"
        ? planNotice(row, autoApproved)
        : about(
            row,
            "succeeded",
            pullRequest?.state === "merged"
              ? "the pull request was merged"
              : "the pull request is ready for review",
            null,
            pullRequest
          )
    case "failed":
      return about(row, "failed", `${phaseOf(row)} failed`, outcome.message, pullRequest)
    case "lost":
      return about(row, "failed", `${phaseOf(row)} was lost`, outcome.message, pullRequest)
    case "timed_out":
      return about(row, "failed", `${phaseOf(row)} ran out of time`, outcome.message, pullRequest)
    case "cancelled":
      return null
  }
}

/** The notices of the end of a dispatch; `parked` when the end parked its issue. A cancelled dispatch has none. */
export const endNotices = (
  row: DispatchRow,
  outcome: Outcome,
  pullRequest: PullRequest | null,
  parked: FailureState | null,
  autoApproved: boolean
): ReadonlyArray<Notice> => {
  const end = endNotice(row, outcome, pullRequest, autoApproved)
  if (end === null) return []
  if (parked === null) return [end]
  const attempts = `${parked.failures} failed ${parked.failures === 1 ? "attempt" : "attempts"}`
  return [
    end,
    about(
      row,
      "parked",
      `parked after ${attempts}`,
      `${parked.last ?? outcome.message}\nTo try again, un-park the issue in the admin, or dispatch it from there.`
    )
  ]
}

export const rejectedNotice = (issue: Pick<Issue, "identifier" | "title" | "url">, why: string): Notice => ({
  kind: "parked",
  headline: `${issue.identifier}: parked`,
  title: issue.title,
  text: `${why}\nTo have it planned again, un-park the issue in the admin.`,
  links: [{ label: "Issue", url: issue.url }],
  page: "/admin/issues"
})

export const questionNotice = (row: DispatchRow, text: string, options: ReadonlyArray<string>) =>
  about(
    row,
    "question",
    "the agent asks a question",
    `${[text, ...options.map((option) => `• ${option}`)].join("\n")}\nAnswer in the thread of its comment on the issue, or in the admin.`
  )

const effects: Readonly<Record<SettlementStep, string>> = {
  labels: "its labels could not be updated",
  comment: "the result could not be posted on the issue",
  parked_comment: "the parking could not be posted on the issue",
  plan_1: "the plan could not be posted on the issue",
  plan_2: "the plan could only be posted in part",
  plan_3: "the plan could only be posted in part",
  machine: "its machine could not be destroyed"
}

export const givenUpNotice = (row: DispatchRow, effect: SettlementStep, error: string) =>
  about(row, "given_up", effects[effect], error)
