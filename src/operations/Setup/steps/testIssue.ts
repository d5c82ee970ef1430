import { describeReason } from "../../../domain/describeReason.ts"
import type { Dispatch } from "../../../domain/Dispatch.ts"
import { type Checks, done, note, todo } from "../checks.ts"
import type { SetupFacts } from "../facts.ts"

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)

const running = ({ notifications, paused, poller }: SetupFacts): Checks => [
  ...(paused === null
    ? []
    : [
        todo(
          `Dispatching is paused${paused.reason === null ? "" : `: ${paused.reason.replace(/\.$/, "")}`}.`,
          {
            fix: "Resume it.",
            command: "resume"
          }
        )
      ]),
  ...(poller.state === "stuck"
    ? [
        todo("No pass has begun or ended in time.", {
          fix: "Restart the service, and check its log."
        })
      ]
    : (poller.lastPass?.error ?? null) === null
      ? []
      : [
          todo(`The last pass failed: ${sentence(poller.lastPass?.error ?? "")}`, {
            fix: "The next one follows automatically."
          })
        ]),
  ...((notifications?.lastError ?? null) === null
    ? []
    : [
        note(`Notifications do not arrive: ${sentence(notifications?.lastError ?? "")}`, {
          fix: "Try it again on the page Settings of the admin."
        })
      ])
]

const ofDispatch = ({ issueIdentifier, outcome, status }: Dispatch) =>
  `${issueIdentifier} is ${status}${outcome === null ? "" : ` (${outcome.message.replace(/\.$/, "")})`}.`

export const testIssue = (facts: SetupFacts): Checks => {
  const { delivered, issues, latest, pickupLabel, testIssue } = facts
  const label = {
    fix: `Create a test issue on the page Set-up of the admin, or put the label ${pickupLabel} on an open issue of a mapped team in Linear.`,
    command: "setup test-issue TEAM"
  }
  if (delivered !== null) {
    const { issueIdentifier, pullRequest } = delivered
    const link =
      pullRequest === null ? null : { text: `Pull request #${pullRequest.number}`, url: pullRequest.url }
    return [done(`${issueIdentifier} has its pull request.`, { link, command: "log" }), ...running(facts)]
  }
  if (latest !== null && latest.outcome === null)
    return [...running(facts), todo(`${ofDispatch(latest)} Its pull request follows.`, { command: "log" })]
  const waiting = issues.find(({ reason }) => reason !== null)
  if (waiting?.reason != null)
    return [
      ...running(facts),
      todo(`${waiting.identifier} waits: ${describeReason(waiting.reason)}.`, {
        command: `issues explain ${waiting.identifier}`
      })
    ]
  if (issues.length > 0 || (testIssue !== null && latest === null))
    return [
      ...running(facts),
      todo(`The next pass dispatches ${issues[0]?.identifier ?? testIssue?.identifier ?? "it"}.`, {
        command: "poll"
      })
    ]
  return [
    ...running(facts),
    todo(
      latest === null
        ? "Nothing has been dispatched yet."
        : `The last dispatch failed: ${ofDispatch(latest)}`,
      label
    )
  ]
}
