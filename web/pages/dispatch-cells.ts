import { html, nothing } from "lit"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import type { Column } from "../elements/data-table.ts"
import "../elements/relative-time.ts"
import "../elements/status-badge.ts"
import "../elements/time-span.ts"
import { href } from "../router/navigation.ts"
import { terms } from "../strings/terms.ts"
import { words } from "../strings/dispatches.ts"

const outcome = ({ outcome, pullRequest, stopRequestedAt }: Dispatch) => {
  const link =
    pullRequest === null
      ? nothing
      : html`<a href=${pullRequest.url} target="_blank" rel="noreferrer"
          >${words.pullRequest(pullRequest.number)}</a
        >`
  if (outcome === null) {
    return stopRequestedAt === null ? link : html`<span class="muted">${words.stopAsked}</span> ${link}`
  }
  if (outcome.kind === "delivered" && pullRequest !== null) return link
  return html`<span title=${outcome.message}>${terms.outcomeReason[outcome.reason]}</span> ${link}`
}

const title = ({ issueTitle }: Dispatch) => html`<span title=${issueTitle}>${issueTitle}</span>`

/** The columns of every table of dispatches. */
export const dispatchColumns = {
  status: {
    name: "status",
    label: words.columns.status,
    width: "7.75rem",
    cell: ({ status }) => html`<status-badge .status=${status}></status-badge>`
  },
  issue: {
    name: "issue",
    label: words.columns.issue,
    width: "6.5rem",
    cell: ({ id, issueIdentifier }) =>
      html`<a class="open mono" href=${href.dispatch(id)}>${issueIdentifier}</a>`
  },
  title: { name: "title", label: words.columns.title, stack: "line", cell: title },
  repository: {
    name: "repository",
    label: words.columns.repository,
    width: "12rem",
    from: 72,
    cell: ({ owner, repo }) => html`<span class="mono" title="${owner}/${repo}">${owner}/${repo}</span>`
  },
  phase: {
    name: "phase",
    label: words.columns.phase,
    width: "8.5rem",
    from: 84,
    cell: ({ attempt, phase }) =>
      html`${terms.phase[phase]}${attempt > 1 ? html` <span class="muted">· ${attempt}</span>` : nothing}`
  },
  mode: {
    name: "mode",
    label: words.columns.mode,
    width: "8rem",
    from: 96,
    cell: ({ executionMode }) => terms.executionMode[executionMode]
  },
  started: {
    name: "started",
    label: words.columns.started,
    width: "6.5rem",
    cell: ({ reservedAt, startedAt }) =>
      html`<span class="muted"><relative-time .at=${startedAt ?? reservedAt}></relative-time></span>`
  },
  duration: {
    name: "duration",
    label: words.columns.duration,
    width: "6.5rem",
    align: "end",
    cell: ({ finishedAt, startedAt }) =>
      startedAt === null ? "" : html`<time-span .from=${startedAt} .to=${finishedAt}></time-span>`
  },
  outcome: { name: "outcome", label: words.columns.outcome, width: "9.5rem", stack: "after", cell: outcome },
  run: {
    name: "run",
    label: words.columns.run,
    width: "4rem",
    stack: "after",
    cell: ({ run }) =>
      run === null ? "" : html`<a href=${run.url} target="_blank" rel="noreferrer">${words.run}</a>`
  }
} satisfies Record<string, Column<Dispatch>>
