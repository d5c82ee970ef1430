import * as DateTime from "effect/DateTime"
import type { Dispatch, DispatchEvent, Logs } from "../../../../src/domain/Dispatch.ts"
import { ago, ahead, uuid } from "./times.ts"
import { type DispatchId, StoredTeamKey } from "../../../../src/domain/Ids.ts"
import { dispatchSample } from "../../../support/dispatchSample.ts"

export const dispatch = (index: number, changes: Partial<Dispatch> = {}): Dispatch => ({
  ...dispatchSample,
  id: uuid(index),
  issueId: uuid(1000 + index),
  issueIdentifier: `ENG-${index}`,
  issueTitle: `Show the remaining quota beside the upload button, part ${index}`,
  issueUrl: `https://linear.example/ENG-${index}`,
  repo: "webshop",
  branch: `ai-implement/eng-${index}-show-the-remaining-quota`,
  status: "running",
  run: { kind: "github", id: 9000 + index, url: `https://github.example/acme/webshop/actions/runs/${index}` },
  pullRequest: null,
  pending: [],
  reservedAt: ago(200 + index * 400),
  startedAt: ago(190 + index * 400),
  deadlineAt: ahead(3400),
  ...changes
})

const ended = (index: number, changes: Partial<Dispatch>): Dispatch =>
  dispatch(index, {
    finishedAt: ago(20 + index * 400),
    settledAt: ago(18 + index * 400),
    deadlineAt: null,
    ...changes
  })

export const succeeded = (index: number) =>
  ended(index, {
    status: "succeeded",
    outcome: {
      kind: "delivered",
      reason: "pull_request",
      message: "Pull request #31 is ready for review.",
      facts: {}
    },
    pullRequest: {
      number: 31,
      url: "https://github.example/acme/webshop/pull/31",
      state: "open",
      draft: false
    },
    costUsd: 1.27,
    tokens: 481_220,
    turns: 37,
    model: "claude-opus-4-7",
    sessionId: "5f0c3f7e-6f0c-4d52-9a55-0f6f4f1c2a11",
    permissionDenials: ["Bash: npm publish"]
  })

export const failed = (index: number) =>
  ended(index, {
    status: "failed",
    outcome: {
      kind: "failed",
      reason: "no_pull_request",
      message: "The run ended well, but no pull request was found in three looks within 5 minutes.",
      facts: {}
    }
  })

export const dispatches: ReadonlyArray<Dispatch> = [
  dispatch(1, { status: "reserved", run: null, startedAt: null, reservedAt: ago(2), deadlineAt: null }),
  dispatch(2, { status: "launching", run: null, startedAt: null, reservedAt: ago(8), deadlineAt: null }),
  dispatch(3),
  dispatch(4, {
    teamKey: StoredTeamKey.make("OPS"),
    issueIdentifier: "OPS-118",
    owner: "acme",
    repo: "infrastructure"
  }),
  dispatch(5, { status: "stopping", stopRequestedAt: ago(12) }),
  dispatch(6, { status: "uncertain", run: null, startedAt: null }),
  succeeded(7),
  failed(8),
  ended(9, {
    status: "timed_out",
    attempt: 2,
    outcome: { kind: "timed_out", reason: "deadline", message: "Stopped after 60 minutes.", facts: {} }
  }),
  ended(10, {
    status: "cancelled",
    outcome: { kind: "cancelled", reason: "operator", message: "Cancelled by Kim.", facts: {} }
  }),
  ...Array.from({ length: 14 }, (_, index) => (index % 5 === 3 ? failed(11 + index) : succeeded(11 + index)))
]

const at = (seconds: number) => DateTime.add(ago(3200), { seconds })

/** One that ended, with every stage. */
export const settledDispatch: Dispatch = {
  ...succeeded(7),
  reservedAt: at(0),
  startedAt: at(14),
  finishedAt: at(412),
  settledAt: at(415)
}

export const events = (dispatchId: DispatchId): ReadonlyArray<DispatchEvent> =>
  [
    { at: at(0), type: "reserved", message: "Reserved by the poller", facts: { slots: "2 of 3" } },
    {
      at: at(1),
      type: "launching",
      message: "Sending the dispatch to GitHub",
      facts: { attempt: 1, workflow: "claude-implement.yml" }
    },
    {
      at: at(14),
      type: "running",
      message: "The run is known to exist",
      facts: { url: "https://github.example/acme/webshop/actions/runs/7" }
    },
    { at: at(15), type: "announced", message: "AI-Working is on the issue; state In Progress", facts: {} },
    { at: at(380), type: "run_ended", message: "The run ended; looking for its pull request", facts: {} },
    {
      at: at(412),
      type: "delivered",
      message: "Pull request #31 is ready for review.",
      facts: { reason: "pull_request" }
    },
    { at: at(415), type: "settled", message: "Settled", facts: {} }
  ].map((event, index) => ({ id: index + 1, dispatchId, actor: null, ...event }))

export const logs: Logs = {
  source: "runner",
  lines: ["Reading the issue", "npm test", "214 passed"].map((text, index) => ({
    at: ago(60 - index),
    text
  })),
  url: null
}
