import { assert } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { DispatchesRepo } from "../../../../src/dispatching/dispatches/DispatchesRepo.ts"
import type { DispatchRow } from "../../../../src/dispatching/dispatches/DispatchRow.ts"
import { SettlementsRepo } from "../../../../src/dispatching/dispatches/SettlementsRepo.ts"
import { TransitionsRepo } from "../../../../src/dispatching/dispatches/TransitionsRepo.ts"
import { DedupRepo } from "../../../../src/dispatching/issues/DedupRepo.ts"
import {
  type Contract,
  later,
  idOf,
  issueOf,
  reservation,
  run,
  stop,
  outcome,
  reserve,
  readRow,
  pickOf,
  launched,
  running
} from "./fixtures.ts"

export const dispatches: Contract = {
  "a second unsettled dispatch of an issue is not reserved, others of the statement are": Effect.gen(
    function* () {
      yield* reserve(reservation(1))
      const rows = yield* reserve(reservation(3, { issueId: issueOf(1) }), reservation(2))
      assert.deepStrictEqual(
        rows.map(({ id }) => id),
        [idOf(2)]
      )
      assert.deepStrictEqual(
        pickOf(yield* readRow(2), "status", "launchAttempt", "workflowGeneration", "issueId"),
        ["reserved", 0, 1, issueOf(2)]
      )
    }
  ),

  "only an implementation enters the dedup window": Effect.gen(function* () {
    yield* reserve(reservation(1), reservation(2, { phase: "planning" }))
    const dedup = yield* DedupRepo
    assert.strictEqual(yield* dedup.find("eng-1"), issueOf(1))
    assert.isNull(yield* dedup.find("ENG-2"))
    assert.isTrue(yield* dedup.remove([issueOf(1), issueOf(2)]))
    assert.isFalse(yield* dedup.remove([issueOf(1)]))
  }),

  "a launch begins once for each attempt before it, and not after a stop or an end": Effect.gen(function* () {
    const transitions = yield* launched
    assert.isNull(yield* transitions.beginLaunch(idOf(1), 0, later(1), []))
    const uncertain = yield* transitions.markUncertain(idOf(1), 1, "no answer")
    assert.strictEqual(uncertain?.status, "uncertain")
    const again = yield* transitions.beginLaunch(idOf(1), 1, later(2), ["plan"])
    assert.deepStrictEqual(
      pickOf(again, "status", "launchAttempt", "launchResends", "launchUndeclaredInputs"),
      ["launching", 2, 1, ["plan"]]
    )
    yield* transitions.release(idOf(1), 2, "not sent")
    yield* transitions.requestStop(idOf(1), stop)
    assert.isNull(yield* transitions.beginLaunch(idOf(1), 2, later(3), []))
    yield* reserve(reservation(2))
    yield* transitions.end(idOf(2), outcome("failed"))
    assert.isNull(yield* transitions.beginLaunch(idOf(2), 0, later(3), []))
  }),

  "only the current attempt is released, uncertain or looked up": Effect.gen(function* () {
    const transitions = yield* launched
    assert.isNull(yield* transitions.release(idOf(1), 2, "not sent"))
    assert.isNull(yield* transitions.noteUndeclaredInputs(idOf(1), 2, ["plan"]))
    assert.isNull(yield* transitions.markUncertain(idOf(1), 0, "no answer"))
    assert.isNull(yield* transitions.recordLaunchLookup(idOf(1), 1))
    yield* transitions.markUncertain(idOf(1), 1, "no answer")
    assert.isNull(yield* transitions.recordLaunchLookup(idOf(1), 2))
    assert.isNull(yield* transitions.release(idOf(1), 1, "not sent"))
    yield* transitions.recordLaunchLookup(idOf(1), 1)
    const twice = yield* transitions.recordLaunchLookup(idOf(1), 1)
    assert.strictEqual(twice?.launchLookups, 2)
    assert.isNotNull(twice?.launchLookedUpAt)
  }),

  "a run is confirmed once, its time counts from then, and a stop before it is kept": Effect.gen(
    function* () {
      const transitions = yield* launched
      yield* transitions.requestStop(idOf(1), stop)
      const row = yield* transitions.markRunning(idOf(1), run)
      assert.deepStrictEqual(pickOf(row, "status", "run"), ["stopping", run])
      assert.isNull(yield* transitions.markRunning(idOf(1), { ...run, id: 8 }))
      yield* reserve(reservation(2, { phase: "planning" }))
      assert.isNull(yield* transitions.markRunning(idOf(2), run))
      yield* transitions.beginLaunch(idOf(2), 0, later(1), [])
      const planning = yield* transitions.markRunning(idOf(2), run)
      const minutes = (of: DispatchRow | null) =>
        of?.startedAt == null || of.deadlineAt === null
          ? null
          : (DateTime.toEpochMillis(of.deadlineAt) - DateTime.toEpochMillis(of.startedAt)) / 60_000
      assert.deepStrictEqual([minutes(row), minutes(planning)], [45, 30])
    }
  ),

  "the first claimant of a running dispatch keeps it": Effect.gen(function* () {
    const transitions = yield* launched
    const row = yield* transitions.claim(idOf(1), "github/7", run)
    assert.deepStrictEqual(pickOf(row, "status", "claimedBy", "run"), ["running", "github/7", run])
    assert.isNull(yield* transitions.claim(idOf(1), "github/8", null))
    assert.isNull(yield* transitions.countRepositoryToken(idOf(1), "github/8", "acme/app"))
    assert.strictEqual(
      (yield* transitions.countRepositoryToken(idOf(1), "github/7", "acme/app"))?.repositoryTokens,
      1
    )
  }),

  "a dispatch that is being stopped is not claimed": Effect.gen(function* () {
    const transitions = yield* running
    assert.strictEqual((yield* transitions.requestStop(idOf(1), stop))?.status, "stopping")
    assert.isNull(yield* transitions.requestStop(idOf(1), { ...stop, reason: "deadline" }))
    assert.isNull(yield* transitions.claim(idOf(1), "github/7", null))
    assert.strictEqual((yield* readRow(1))?.stopReason, "operator")
  }),

  "the first report and the first outcome stand": Effect.gen(function* () {
    const transitions = yield* running
    const report = { dispatchId: idOf(1), phase: "implementation", outcome: "delivered", turns: 3 } as const
    assert.strictEqual((yield* transitions.noteReport(idOf(1), report))?.turns, 3)
    assert.isNull(yield* transitions.noteReport(idOf(1), { ...report, outcome: "failed" }))
    assert.isNotNull(yield* transitions.noteRunEnded(idOf(1)))
    assert.isNull(yield* transitions.noteRunEnded(idOf(1)))
    const ended = yield* transitions.end(idOf(1), outcome("failed"))
    assert.deepStrictEqual(pickOf(ended, "status", "outcome"), ["failed", outcome("failed")])
    assert.isNull(yield* transitions.end(idOf(1), outcome("delivered")))
    assert.isNull(yield* transitions.requestStop(idOf(1), stop))
    assert.strictEqual((yield* readRow(1))?.outcome?.kind, "failed")
  }),

  "looks and absences count only while a dispatch lives": Effect.gen(function* () {
    const transitions = yield* running
    yield* transitions.recordPullRequestCheck(idOf(1))
    yield* transitions.noteRunMissing(idOf(1), 2)
    yield* transitions.noteRunBegun(idOf(1))
    yield* transitions.noteRunHeld(idOf(1), "waiting")
    const live = yield* readRow(1)
    assert.deepStrictEqual(pickOf(live, "pullRequestLooks", "runMissing"), [1, 0])
    assert.isNotNull(live?.runBegunAt)
    assert.isNotNull(live?.runHeldAt)
    yield* transitions.end(idOf(1), outcome("lost"))
    yield* transitions.recordPullRequestCheck(idOf(1))
    yield* transitions.noteRunMissing(idOf(1), 2)
    assert.deepStrictEqual(pickOf(yield* readRow(1), "pullRequestLooks", "runMissing"), [1, 0])
  }),

  "a dispatch settles after its end, when no step is pending, and then frees its issue": Effect.gen(
    function* () {
      const transitions = yield* running
      const settlements = yield* SettlementsRepo
      assert.isNull(yield* transitions.settle(idOf(1)))
      yield* transitions.end(idOf(1), outcome("failed"))
      yield* settlements.add(idOf(1), [
        { effect: "labels", add: [], remove: ["AI-Working"] },
        { effect: "comment", text: "It failed." }
      ])
      assert.isNull(yield* transitions.settle(idOf(1)))
      const pending = yield* settlements.pendingEffects(idOf(1))
      assert.deepStrictEqual(
        pending.map(({ body, effect }) => [effect, body]),
        [
          ["labels", { add: [], remove: ["AI-Working"] }],
          ["comment", { text: "It failed." }]
        ]
      )
      const [labels, comment] = pending
      if (labels === undefined || comment === undefined) return assert.fail("two steps")
      yield* settlements.effectFailed(labels, "refused", later(5), true)
      const [failed] = yield* settlements.pendingEffects(idOf(1))
      assert.deepStrictEqual([failed?.attempts, failed?.refusals, failed?.nextAt], [1, 1, later(5)])
      yield* settlements.effectDone(labels, "done")
      yield* settlements.effectFailed(labels, "late", later(9), false)
      assert.isTrue(yield* settlements.effectGivenUp(comment, "gone"))
      assert.isFalse(yield* settlements.effectGivenUp(comment, "gone"))
      assert.isFalse(yield* settlements.effectGivenUp(labels, "gone"))
      assert.deepStrictEqual(yield* settlements.commentIds(issueOf(1)), [comment.key])
      assert.isNotNull((yield* transitions.settle(idOf(1)))?.settledAt)
      assert.isNull(yield* transitions.settle(idOf(1)))
      assert.lengthOf(yield* reserve(reservation(3, { issueId: issueOf(1) })), 1)
      const log = yield* DispatchesRepo
      assert.deepStrictEqual(
        [yield* log.isLatest(idOf(1), issueOf(1)), yield* log.isLatest(idOf(3), issueOf(1))],
        [false, true]
      )
    }
  ),

  "a workflow gets its next generation once, and not after the settlement": Effect.gen(function* () {
    const transitions = yield* running
    assert.strictEqual((yield* transitions.nextGeneration(idOf(1), 1))?.workflowGeneration, 2)
    assert.isNull(yield* transitions.nextGeneration(idOf(1), 1))
    yield* transitions.end(idOf(1), outcome("failed"))
    yield* transitions.settle(idOf(1))
    assert.isNull(yield* transitions.nextGeneration(idOf(1), 2))
  }),

  "unsettled dispatches are checked in turn, ended ones before live ones": Effect.gen(function* () {
    const transitions = yield* TransitionsRepo
    yield* reserve(reservation(1), reservation(2), reservation(3))
    yield* transitions.end(idOf(3), outcome("failed"))
    const check = (limit: number) =>
      Effect.map(transitions.unsettledToCheck(limit), (rows) => rows.map(({ id }) => id).toSorted())
    assert.deepStrictEqual(yield* check(2), [idOf(1), idOf(3)])
    assert.deepStrictEqual(
      (yield* transitions.live).map(({ id }) => id),
      [idOf(1), idOf(2)]
    )
  })
}
