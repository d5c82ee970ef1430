import { assert, describe, it } from "@effect/vitest"
import type { DispatchRow, StopReason } from "../../../src/dispatching/dispatches/DispatchRow.ts"
import { DispatchStatus } from "../../../src/domain/DispatchStatus.ts"
import type { Outcome } from "../../../src/domain/Outcome.ts"
import {
  asksForCancellation,
  MonitorPolicy,
  type Observation,
  observe,
  observePlaceGone,
  stoppedOutcome,
  unconfirmedStop
} from "../../../src/dispatching/lifecycle/observe.ts"
import type { Cancellation, ObservedRun } from "../../../src/upstreams/RunBackends.ts"
import {
  dispatchRow,
  millis,
  minutes,
  now,
  observedRun,
  outcome,
  runningRow
} from "../../support/builders.ts"

const policy = MonitorPolicy.defaultValue()
const look = (row: DispatchRow, observed: ObservedRun | null, time = now) =>
  observe(row, observed, time, policy)

type End = Pick<Outcome, "kind" | "reason">
const endOf = (observation: Observation): End | Observation["_tag"] =>
  observation._tag === "Ended"
    ? { kind: observation.outcome.kind, reason: observation.outcome.reason }
    : observation._tag

const stops: Readonly<Record<StopReason, End>> = {
  operator: { kind: "cancelled", reason: "operator" },
  deadline: { kind: "timed_out", reason: "deadline" },
  never_started: { kind: "lost", reason: "never_started" },
  issue_canceled: { kind: "cancelled", reason: "issue_canceled" },
  issue_deleted: { kind: "cancelled", reason: "issue_deleted" },
  pickup_label_removed: { kind: "cancelled", reason: "pickup_label_removed" },
  question_unanswered: { kind: "failed", reason: "question_unanswered" }
}
const reasons = [
  "operator",
  "deadline",
  "never_started",
  "issue_canceled",
  "issue_deleted",
  "pickup_label_removed",
  "question_unanswered"
] as const satisfies ReadonlyArray<StopReason>

const stopping = (stopReason: StopReason, changes: Partial<DispatchRow> = {}) =>
  runningRow({ status: "stopping", stopRequestedAt: now, stopRequestedBy: "mia", stopReason, ...changes })

describe("a run that has ended", () => {
  const timedOut: End = { kind: "timed_out", reason: "deadline" }
  const failed: End = { kind: "failed", reason: "run_failed" }
  const table: ReadonlyArray<{
    readonly conclusion: ObservedRun["conclusion"]
    readonly free: End | "EndedWell"
    /** What it is when a stop was asked for, where that does not decide. */
    readonly stopped?: End | "EndedWell"
  }> = [
    { conclusion: "success", free: "EndedWell", stopped: "EndedWell" },
    { conclusion: "cancelled", free: { kind: "lost", reason: "run_cancelled" } },
    { conclusion: "never_started", free: { kind: "lost", reason: "never_started" } },
    { conclusion: "timed_out", free: timedOut, stopped: timedOut },
    { conclusion: "failure", free: failed },
    { conclusion: "other", free: failed },
    { conclusion: null, free: failed }
  ]
  for (const { conclusion, free, stopped } of table) {
    const completed = observedRun({ state: "completed", conclusion })
    it(`${conclusion}, by itself`, () => assert.deepStrictEqual(endOf(look(runningRow(), completed)), free))
    for (const reason of reasons) {
      it(`${conclusion}, when it was to stop: ${reason}`, () =>
        assert.deepStrictEqual(endOf(look(stopping(reason), completed)), stopped ?? stops[reason]))
    }
  }

  const ends: ReadonlyArray<readonly [string, Cancellation | null, End, string]> = [
    [
      "by a person ends cancelled",
      { _tag: "Person", login: "olga" },
      { kind: "cancelled", reason: "run_cancelled" },
      "@olga on GitHub cancelled the run."
    ],
    [
      "by a person who is not known ends cancelled",
      { _tag: "Person", login: null },
      { kind: "cancelled", reason: "run_cancelled" },
      "a person on GitHub cancelled the run."
    ],
    [
      "by the time limit of its workflow has timed out",
      { _tag: "TimeLimit" },
      timedOut,
      "GitHub stopped the run at the time limit of its workflow."
    ],
    [
      "by its concurrency group is lost",
      { _tag: "Superseded" },
      { kind: "lost", reason: "run_cancelled" },
      "a newer run of its concurrency group took the place of the run on GitHub."
    ],
    [
      "by no one who is known is lost",
      null,
      { kind: "lost", reason: "run_cancelled" },
      "the run was cancelled on GitHub, which does not say by whom."
    ]
  ]
  for (const [name, cancellation, end, message] of ends) {
    it(`cancelled ${name}`, () => {
      const completed = observedRun({ state: "completed", conclusion: "cancelled" })
      const observation = observe(runningRow(), completed, now, policy, cancellation)
      assert.deepStrictEqual(endOf(observation), end)
      assert.strictEqual(observation._tag === "Ended" && observation.outcome.message, message)
      assert.isTrue(asksForCancellation(runningRow(), completed))
      const requested = stopping("operator")
      assert.isFalse(asksForCancellation(requested, completed))
      assert.deepStrictEqual(endOf(observe(requested, completed, now, policy, cancellation)), stops.operator)
    })
  }

  it("keeps GitHub's conclusion of a failure", () => {
    const observation = look(runningRow(), observedRun({ state: "completed", conclusion: "failure" }))
    assert.deepStrictEqual(observation._tag === "Ended" && observation.outcome.facts, {
      conclusion: "failure"
    })
  })

  it("is not read again once it has ended well", () => {
    const row = runningRow({ runEndedAt: now, runMissing: 2 })
    assert.strictEqual(look(row, null)._tag, "EndedWell")
    assert.strictEqual(
      look(row, observedRun({ state: "completed", conclusion: "failure" }))._tag,
      "EndedWell"
    )
  })
})

describe("a dispatch without a known run", () => {
  for (const status of DispatchStatus.literals) {
    const confirms = status === "launching" || status === "uncertain"
    it(`${status}: a run that is seen ${confirms ? "is the launch's" : "changes nothing"}`, () => {
      const row = dispatchRow({ status, launchAttempt: 1 })
      assert.strictEqual(look(row, observedRun())._tag, confirms ? "Confirm" : "Nothing")
      assert.strictEqual(look(row, null)._tag, "Nothing")
    })
  }
})

it("a dispatch that has ended does not change", () => {
  for (const observed of [null, observedRun(), observedRun({ state: "completed", conclusion: "success" })]) {
    assert.strictEqual(look(runningRow({ outcome: outcome() }), observed)._tag, "Nothing")
  }
})

describe("a run that is queued", () => {
  const queued = observedRun({ state: "queued", startedAt: null })
  const table: ReadonlyArray<readonly [string, DispatchRow, ObservedRun, typeof now, Observation["_tag"]]> = [
    ["may be for 30 min", runningRow(), queued, minutes(30), "Nothing"],
    ["for longer never started", runningRow(), queued, millis(1, minutes(30)), "NeverStarted"],
    ["for longer is not asked to stop twice", stopping("operator"), queued, minutes(45), "Nothing"],
    ["no more has started", runningRow(), observedRun(), minutes(45), "Begun"],
    [
      "again between two jobs has started",
      runningRow({ runBegunAt: minutes(2) }),
      queued,
      minutes(45),
      "Nothing"
    ],
    [
      "again, on a machine, has started",
      runningRow({ executionMode: "fly-machines", flyApp: "sessions", runBegunAt: minutes(2) }),
      queued,
      minutes(45),
      "Nothing"
    ],
    [
      "after an approval may be for 30 min more",
      runningRow({ runHeldAt: minutes(50) }),
      queued,
      minutes(80),
      "Nothing"
    ],
    [
      "for longer after an approval never started",
      runningRow({ runHeldAt: minutes(50) }),
      queued,
      millis(1, minutes(80)),
      "NeverStarted"
    ]
  ]
  for (const [name, row, observed, time, expected] of table) {
    it(name, () => assert.strictEqual(look(row, observed, time)._tag, expected))
  }
})

describe("a run that GitHub holds back", () => {
  for (const state of ["waiting", "pending"] as const) {
    it(`${state}, is shown as such and never counts as not started`, () => {
      const held = observedRun({ state, startedAt: null })
      assert.deepStrictEqual(look(runningRow(), held, minutes(45)), { _tag: "Held", state })
      assert.deepStrictEqual(look(runningRow({ runBegunAt: now }), held, minutes(45)), {
        _tag: "Held",
        state
      })
      assert.strictEqual(look(dispatchRow({ status: "uncertain", launchAttempt: 1 }), held)._tag, "Confirm")
    })
  }
})

describe("a run that is not there", () => {
  it("is checked twice more", () => {
    assert.deepStrictEqual(look(runningRow(), null), { _tag: "Missing", times: 1 })
    assert.deepStrictEqual(look(runningRow({ runMissing: 1 }), null), { _tag: "Missing", times: 2 })
  })

  it("is lost with the third check", () => {
    assert.deepStrictEqual(endOf(look(runningRow({ runMissing: 2 }), null)), {
      kind: "lost",
      reason: "run_vanished"
    })
  })

  it("on a machine is checked for 5 min: a host of Fly that cannot be reached hides it", () => {
    const machine = { executionMode: "fly-machines", flyApp: "sessions" } as const
    assert.deepStrictEqual(look(runningRow({ ...machine, runMissing: 2 }), null), {
      _tag: "Missing",
      times: 3
    })
    assert.strictEqual(look(runningRow({ ...machine, runMissing: 58 }), null)._tag, "Missing")
    assert.strictEqual(look(runningRow({ ...machine, runMissing: 59 }), null)._tag, "Ended")
    assert.strictEqual(look(stopping("operator", { ...machine, runMissing: 2 }), null)._tag, "Ended")
  })

  for (const reason of reasons) {
    it(`is stopped with the third check when a stop was requested: ${reason}`, () =>
      assert.deepStrictEqual(endOf(look(stopping(reason, { runMissing: 2 }), null)), stops[reason]))
  }

  it("resets the count of checks when it is found again", () => {
    assert.deepStrictEqual(look(runningRow({ runMissing: 2, runBegunAt: now }), observedRun()), {
      _tag: "Missing",
      times: 0
    })
  })
})

describe("a place that is not found", () => {
  const look = (row: DispatchRow) => observePlaceGone(row, policy)
  const app = { executionMode: "fly-machines", flyApp: "sessions" } as const
  const places: ReadonlyArray<readonly [string, Partial<DispatchRow>, looks: number, RegExp]> = [
    ["an app", app, 60, /^the app sessions .* FLY_SESSIONS_APP/],
    ["a repository", {}, 20, /acme\/app.* correct the mapping/]
  ]
  for (const [name, changes, looks, expectedText] of places) {
    it(`${name}, is checked for 5 min, then the run is lost with a message that says what to do`, () => {
      for (const runMissing of [0, looks - 2]) {
        assert.deepStrictEqual(look(runningRow({ ...changes, runMissing })), {
          _tag: "Missing",
          times: runMissing + 1
        })
      }
      const observation = look(runningRow({ ...changes, runMissing: looks - 1 }))
      assert.deepStrictEqual(endOf(observation), { kind: "lost", reason: "run_vanished" })
      assert.match(observation._tag === "Ended" ? observation.outcome.message : "", expectedText)
    })
  }

  it("ends a requested stop", () =>
    assert.deepStrictEqual(endOf(look(stopping("operator", { runMissing: 19 }))), stops["operator"]))

  it("changes nothing for a run that ended well, that is not known yet, or whose dispatch has ended", () => {
    assert.strictEqual(look(runningRow({ runEndedAt: now, runMissing: 99 }))._tag, "EndedWell")
    for (const row of [
      dispatchRow({ status: "uncertain", runMissing: 99 }),
      runningRow({ outcome: outcome(), runMissing: 99 })
    ]) {
      assert.strictEqual(look(row)._tag, "Nothing")
    }
  })
})

describe("the outcome of a stop", () => {
  for (const reason of reasons) {
    it(`${reason}, when it was never confirmed, says so`, () => {
      const confirmed = stoppedOutcome(stopping(reason))
      const unconfirmed = unconfirmedStop(stopping(reason))
      assert.deepStrictEqual(
        { kind: unconfirmed.kind, reason: unconfirmed.reason, facts: unconfirmed.facts },
        { ...stops[reason], facts: { ...confirmed.facts, confirmed: false } }
      )
      assert.include(unconfirmed.message, confirmed.message)
      assert.include(unconfirmed.message, "did not confirm")
    })
  }

  it("names who asked", () => {
    assert.strictEqual(stoppedOutcome(stopping("operator")).message, "mia stopped the run.")
    assert.strictEqual(
      stoppedOutcome(stopping("operator", { stopRequestedBy: null })).message,
      "the service stopped the run."
    )
  })

  it("names the deadline", () => {
    const { message, facts } = stoppedOutcome(stopping("deadline", { deadlineMinutes: 90 }))
    assert.include(message, "90 minutes")
    assert.deepStrictEqual(facts, { deadlineMinutes: 90 })
  })
})
