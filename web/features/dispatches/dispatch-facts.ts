import { html, nothing } from "lit"
import type { Dispatch } from "../../../src/domain/Dispatch.ts"
import { outward } from "../../lib/outward.ts"
import "../../elements/relative-time.ts"
import "../../elements/time-span.ts"
import { words as dispatchesWords } from "../../strings/dispatches.ts"
import { words } from "../../strings/dispatch.ts"
import { terms } from "../../strings/terms.ts"

const number = new Intl.NumberFormat("en")

const mono = (text: string) => html`<span class="mono">${text}</span>`

const pullRequest = ({ pullRequest: pull }: Dispatch) =>
  pull === null
    ? words.none
    : html`${outward(pull.url, `#${pull.number}`)}
      ${dispatchesWords.pullRequestState[pull.state]}${pull.draft ? `, ${dispatchesWords.draft}` : nothing}`

const run = ({ run }: Dispatch) =>
  run === null ? words.none : outward(run.url, run.kind === "github" ? String(run.id) : run.machineId)

const cost = ({ costUsd, tokens, turns }: Dispatch) => {
  const parts = [
    ...(costUsd === null ? [] : [`$${costUsd.toFixed(2)}`]),
    ...(tokens === null ? [] : [words.tokens(number.format(tokens))]),
    ...(turns === null ? [] : [words.turns(number.format(turns))])
  ]
  return parts.length === 0 ? null : parts.join(", ")
}

const denials = ({ permissionDenials }: Dispatch) => {
  if (permissionDenials === null) return null
  return permissionDenials.length === 0
    ? words.noDenials
    : permissionDenials.map((line) => html`<p>${mono(line)}</p>`)
}

const pending = ({ pending }: Dispatch) =>
  pending.length === 0
    ? null
    : pending.map(
        ({ attempts, effect, lastError, nextAt }) =>
          html`<p>
            ${words.effect[effect]}: ${words.pendingLine(attempts)}
            <relative-time .at=${nextAt}></relative-time
            >${lastError === null ? nothing : html`. ${lastError}`}
          </p>`
      )

export const summary = ({ finishedAt, owner, phase, pullRequest, repo, run, startedAt, ...rest }: Dispatch) =>
  html`<p class="summary">
    ${mono(`${owner}/${repo}`)}
    <span
      >${terms.phase[phase]}${rest.attempt > 1 ? `, ${dispatchesWords.attempt(rest.attempt)}` : nothing}</span
    >
    <span>${terms.executionMode[rest.executionMode]}</span>
    ${
      startedAt === null
        ? nothing
        : html`<span
            >${finishedAt === null ? words.runsFor : words.took}
            <time-span .from=${startedAt} .to=${finishedAt}></time-span
            >${finishedAt === null ? nothing : html`, ${words.ended} <relative-time .at=${finishedAt}></relative-time>`}</span
          >`
    }
    ${run === null ? nothing : outward(run.url, words.run)}
    ${pullRequest === null ? nothing : outward(pullRequest.url, words.pullRequestOf(pullRequest.number))}
  </p>`

export const facts = (dispatch: Dispatch) => {
  const { awsRegion, deadlineAt, outcome, requestedBy, workflowFile } = dispatch
  const fly = dispatch.run?.kind === "fly" ? dispatch.run : null
  const rows: ReadonlyArray<readonly [string, unknown]> = [
    [words.issue, outward(dispatch.issueUrl, dispatch.issueIdentifier)],
    [words.pullRequest, pullRequest(dispatch)],
    [words.run, run(dispatch)],
    [words.machine, fly === null ? null : words.machineOf(fly.app, fly.region)],
    [words.repository, mono(`${dispatch.owner}/${dispatch.repo}`)],
    [words.branch, mono(dispatch.branch)],
    [words.ref, mono(dispatch.ref)],
    [words.phase, terms.phase[dispatch.phase]],
    [words.attempt, dispatch.attempt],
    [
      words.trigger,
      html`${terms.trigger[dispatch.trigger]}${requestedBy === null ? nothing : `, ${words.by(requestedBy)}`}`
    ],
    [words.runsOn, terms.executionMode[dispatch.executionMode]],
    [words.runnerMode, terms.runnerMode[dispatch.runnerMode]],
    [words.workflow, workflowFile === null ? null : mono(workflowFile)],
    [words.session, terms.sessionMode[dispatch.sessionMode]],
    [
      words.provider,
      html`${terms.provider[dispatch.provider]}${awsRegion === null ? nothing : `, ${awsRegion}`}`
    ],
    [words.reserved, html`<relative-time .at=${dispatch.reservedAt}></relative-time>`],
    [
      words.deadline,
      deadlineAt === null || outcome !== null ? null : html`<relative-time .at=${deadlineAt}></relative-time>`
    ],
    [words.model, dispatch.model === null ? null : mono(dispatch.model)],
    [words.cost, cost(dispatch)],
    [words.denials, denials(dispatch)],
    [words.agentSession, dispatch.sessionId === null ? null : mono(dispatch.sessionId)],
    [words.pending, pending(dispatch)],
    [words.id, mono(dispatch.id)]
  ]
  return html`<dl class="facts">
    ${rows.map(([name, value]) =>
      value === null
        ? nothing
        : html`<dt>${name}</dt>
            <dd>${value}</dd>`
    )}
  </dl>`
}
