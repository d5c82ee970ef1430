import { html, nothing } from "lit"
import type { Dispatch } from "../../../src/domain/Dispatch.ts"
import type { Column } from "../../elements/data-table.ts"
import { icons } from "../../lib/icons.ts"
import "../../elements/relative-time.ts"
import { sentence } from "../../lib/sentence.ts"
import "../../elements/status-badge.ts"
import "../../elements/time-span.ts"
import { href } from "../../router/navigation.ts"
import { terms } from "../../strings/terms.ts"
import { words } from "../../strings/dispatches.ts"

const outward = (url: string, text: string) =>
  html`<a href=${url} target="_blank" rel="noreferrer">${text}</a>`

const outcome = ({ outcome, pullRequest, stopRequestedAt }: Dispatch) => {
  const link =
    pullRequest === null ? nothing : outward(pullRequest.url, words.pullRequest(pullRequest.number))
  if (outcome === null) {
    return stopRequestedAt === null ? link : html`${link} <span class="muted">${words.stopRequested}</span>`
  }
  if (outcome.kind === "delivered" && pullRequest !== null) return link
  return html`${link} <span title=${outcome.message}>${sentence(terms.outcomeReason[outcome.reason])}</span>`
}

export const dispatchColumns = {
  status: {
    name: "status",
    label: words.columns.status,
    width: "7rem",
    cell: ({ status, waitingFor }) =>
      waitingFor === null
        ? html`<status-badge .status=${status}></status-badge>`
        : html`<state-mark icon="bubble" tone="waiting">${words.asks}</state-mark>`
  },
  issue: {
    name: "issue",
    label: words.columns.issue,
    width: "6.5rem",
    cell: ({ id, issueIdentifier }) =>
      html`<a class="open mono" href=${href.dispatch(id)}>${issueIdentifier}</a>`
  },
  title: {
    name: "title",
    label: words.columns.title,
    stack: "line",
    cell: ({ issueTitle }) => html`<span title=${issueTitle}>${issueTitle}</span>`
  },
  repository: {
    name: "repository",
    label: words.columns.repository,
    width: "11rem",
    from: 72,
    cell: ({ owner, repo }) => html`<span class="mono" title="${owner}/${repo}">${owner}/${repo}</span>`
  },
  phase: {
    name: "phase",
    label: words.columns.phase,
    width: "8.5rem",
    from: 60,
    cell: ({ attempt, phase }) =>
      html`${terms.phase[phase]}${attempt > 1 ? html` <span class="muted" title=${words.attempt(attempt)}>· ${attempt}</span>` : nothing}`
  },
  mode: {
    name: "mode",
    label: words.columns.mode,
    width: "8rem",
    from: 84,
    cell: ({ executionMode }) => terms.executionMode[executionMode]
  },
  outcome: { name: "outcome", label: words.columns.outcome, width: "9rem", stack: "after", cell: outcome },
  run: {
    name: "run",
    label: words.columns.run,
    width: "2.75rem",
    from: 60,
    cell: ({ run }) =>
      run === null
        ? ""
        : html`<span class="links"
            ><a
              href=${run.url}
              target="_blank"
              rel="noreferrer"
              title=${words.openRun}
              aria-label=${words.run}
              >${icons.out}</a
            ></span
          >`
  },
  started: {
    name: "started",
    label: words.columns.started,
    width: "6rem",
    align: "end",
    cell: ({ reservedAt, startedAt }) =>
      html`<span class="muted"><relative-time .at=${startedAt ?? reservedAt}></relative-time></span>`
  },
  duration: {
    name: "duration",
    label: words.columns.duration,
    width: "6rem",
    align: "end",
    cell: ({ finishedAt, startedAt }) =>
      startedAt === null ? "" : html`<time-span .from=${startedAt} .to=${finishedAt}></time-span>`
  },
  why: {
    name: "why",
    label: words.columns.why,
    wrap: true,
    stack: "line",
    cell: ({ issueTitle, outcome }) =>
      html`<span class="two" title="${issueTitle}: ${outcome?.message}"
        >${sentence(outcome?.message ?? "")}</span
      >`
  },
  ended: {
    name: "ended",
    label: words.columns.ended,
    width: "6.5rem",
    align: "end",
    cell: ({ finishedAt }) =>
      html`<span class="muted"><relative-time .at=${finishedAt}></relative-time></span>`
  }
} satisfies Record<string, Column<Dispatch>>
