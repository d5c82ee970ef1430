import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as SqlClient from "effect/sql/SqlClient"
import { MappingsRepo } from "../../../src/admin/Mappings/MappingsRepo.ts"
import { AdmissionRepo } from "../../../src/dispatching/admission/AdmissionRepo.ts"
import type { Reservation } from "../../../src/dispatching/admission/reservation.ts"
import { DispatchesRepo } from "../../../src/dispatching/dispatches/DispatchesRepo.ts"
import type { DispatchRow } from "../../../src/dispatching/dispatches/DispatchRow.ts"
import { PullRequestsRepo } from "../../../src/dispatching/dispatches/PullRequestsRepo.ts"
import { RunLogRepo } from "../../../src/dispatching/dispatches/RunLogRepo.ts"
import { SettlementsRepo } from "../../../src/dispatching/dispatches/SettlementsRepo.ts"
import { TimelineRepo } from "../../../src/dispatching/dispatches/TimelineRepo.ts"
import { TransitionsRepo } from "../../../src/dispatching/dispatches/TransitionsRepo.ts"
import { DecisionsRepo } from "../../../src/dispatching/issues/DecisionsRepo.ts"
import { DedupRepo } from "../../../src/dispatching/issues/DedupRepo.ts"
import { FactsRepo } from "../../../src/dispatching/issues/FactsRepo.ts"
import { FailuresRepo } from "../../../src/dispatching/issues/FailuresRepo.ts"
import { HoldsRepo } from "../../../src/dispatching/issues/HoldsRepo.ts"
import { IssuesRepo } from "../../../src/dispatching/issues/IssuesRepo.ts"
import { PlansRepo } from "../../../src/dispatching/plans/PlansRepo.ts"
import { PassesRepo } from "../../../src/dispatching/poller/PassesRepo.ts"
import { QuestionsRepo } from "../../../src/dispatching/questions/QuestionsRepo.ts"
import { IssueId, StoredDispatchId, TeamKey } from "../../../src/domain/Ids.ts"
import { type Mapping, mappingDefaults } from "../../../src/domain/Mapping.ts"
import type { Outcome } from "../../../src/domain/Outcome.ts"
import type { Reason } from "../../../src/domain/Reason.ts"
import { Signals } from "../../../src/platform/Signals.ts"
import type { TrackedIssue } from "../../../src/upstreams/Tracker.ts"
import { config } from "../config.ts"
import { TestDb } from "../TestDb.ts"
import { repos } from "./layer.ts"
import * as Memory from "./Memory.ts"
import { Store } from "./Store.ts"
import * as t from "./tables.ts"

const teamKey = TeamKey.make("ENG")
const at = DateTime.makeUnsafe("2026-03-01T09:00:00.000Z")
const later = (minutes: number) => DateTime.add(at, { minutes })
const uuid = (last: number) => `0198c0de-0000-7000-8000-${String(last).padStart(12, "0")}`
const idOf = (last: number) => StoredDispatchId.make(uuid(last))
const issueOf = (last: number) => IssueId.make(uuid(1000 + last))

const mapping: Mapping = {
  ...mappingDefaults,
  teamKey,
  owner: "acme",
  repo: "app",
  createdAt: at,
  updatedAt: at
}

const reservation = (last: number, over: Partial<Reservation> = {}): Reservation => ({
  id: uuid(last),
  issueId: issueOf(last),
  issueIdentifier: `ENG-${last}`,
  issueTitle: "Add a logo",
  issueDescription: null,
  issueUrl: "https://linear.test/issue",
  linearTeamId: "team",
  teamKey,
  owner: "acme",
  repo: "app",
  phase: "implementation",
  attempt: 1,
  trigger: "poll",
  requestedBy: null,
  commentId: null,
  executionMode: "github-actions",
  runnerMode: "default",
  sessionMode: "hybrid",
  provider: "anthropic",
  awsRegion: null,
  workflowFile: "claude-implement.yml",
  flyApp: null,
  flyRegion: null,
  machineCpus: null,
  machineMemoryMb: null,
  prNumber: null,
  ref: "main",
  branch: `ai-implement/eng-${last}`,
  planId: null,
  planFeedback: null,
  previousPlan: null,
  extraEnv: "{}",
  launchUndeclaredInputs: "[]",
  deadlineMinutes: 45,
  status: "reserved",
  reservedAt: DateTime.toDateUtc(at),
  ...over
})

const tracked = (last: number, over: Partial<TrackedIssue> = {}): TrackedIssue => ({
  id: issueOf(last),
  identifier: `ENG-${last}`,
  title: "Add a logo",
  description: null,
  url: "https://linear.test/issue",
  priority: 0,
  createdAt: at,
  updatedAt: at,
  labels: ["AI-Implement"],
  state: { id: "todo", name: "Todo", type: "unstarted" },
  team: { id: "team", key: teamKey },
  blockedBy: [],
  moreBlockers: false,
  ...over
})

const run = { kind: "github", id: 7, url: "https://github.test/runs/7" } as const
const stop = { by: "Olga", reason: "operator", message: "Olga asked" } as const
const outcome = (kind: Outcome["kind"]): Outcome => ({
  kind,
  reason: "run_failed",
  message: "it failed",
  facts: {}
})

const reserve = Effect.fnUntraced(function* (...reservations: [Reservation, ...Array<Reservation>]) {
  const admission = yield* AdmissionRepo
  return yield* admission.reserve(reservations, DateTime.toDateUtc(at))
})

const readRow = (last: number) => Effect.flatMap(TransitionsRepo, ({ find }) => find(idOf(last)))

const pickOf = <Key extends keyof DispatchRow>(row: DispatchRow | null, ...keys: ReadonlyArray<Key>) =>
  row === null ? null : keys.map((key) => row[key])

const launched = Effect.gen(function* () {
  yield* reserve(reservation(1))
  const transitions = yield* TransitionsRepo
  yield* transitions.beginLaunch(idOf(1), 0, later(1), [])
  return transitions
})

const running = Effect.tap(launched, ({ markRunning }) => markRunning(idOf(1), run))

const question = {
  dispatchId: idOf(1),
  issueId: issueOf(1),
  text: "Which logo?",
  options: [],
  expiresAt: DateTime.makeUnsafe("2199-01-01T00:00:00Z")
}
const entry = { type: "test", message: "A test" }
const answer = (text: string, when = at) => ({ text, by: "Petra", via: "api", at: when }) as const

const decided = (last: number, reason: Reason) => ({
  facts: { issue: tracked(last) } as never,
  decision: { kind: "wait", reason } as const
})

type Repos =
  | AdmissionRepo
  | DispatchesRepo
  | TransitionsRepo
  | TimelineRepo
  | SettlementsRepo
  | PullRequestsRepo
  | RunLogRepo
  | IssuesRepo
  | DedupRepo
  | FailuresRepo
  | HoldsRepo
  | DecisionsRepo
  | FactsRepo
  | PlansRepo
  | QuestionsRepo
  | PassesRepo
  | SqlClient.SqlClient

const contract: Readonly<Record<string, Effect.Effect<void, unknown, Repos>>> = {
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
  }),

  "pull requests are followed until they end": Effect.gen(function* () {
    yield* running
    const pullRequests = yield* PullRequestsRepo
    const pull = { number: 3, url: "https://github.test/pull/3", state: "open", draft: false } as const
    yield* pullRequests.upsert(
      { ...reservation(1), id: idOf(1), issueId: issueOf(1) },
      { ...pull, branch: "b" }
    )
    assert.lengthOf(yield* pullRequests.open, 1)
    const place = { owner: "acme", repo: "app" }
    assert.isFalse(yield* pullRequests.update(place, [{ ...pull, draft: true }]))
    assert.isTrue(yield* pullRequests.update(place, [{ ...pull, state: "merged" }]))
    assert.isFalse(yield* pullRequests.update(place, [{ ...pull, state: "closed" }]))
    assert.lengthOf(yield* pullRequests.open, 0)
    yield* pullRequests.reopened({ ...place, number: 3 })
    assert.lengthOf(yield* pullRequests.open, 1)
    assert.strictEqual(
      (yield* Effect.flatMap(DispatchesRepo, ({ find }) => find(idOf(1))))?.pullRequest?.number,
      3
    )
  }),

  "a hold is put once on the issue of a live dispatch": Effect.gen(function* () {
    const transitions = yield* running
    const holds = yield* HoldsRepo
    yield* holds.hold(idOf(1), "Olga")
    yield* holds.hold(idOf(1), "Piet")
    const facts = yield* FactsRepo
    const held = Effect.map(
      facts.gather([tracked(1)], at, [], { now: at } as never),
      ({ candidates }) => candidates[0]?.held?.by ?? null
    )
    assert.strictEqual(yield* held, "Olga")
    assert.isTrue(yield* holds.release([issueOf(1)]))
    assert.isFalse(yield* holds.release([issueOf(1)]))
    yield* transitions.end(idOf(1), outcome("failed"))
    yield* holds.hold(idOf(1), "Olga")
    assert.isNull(yield* held)
    yield* holds.put(issueOf(1), "Petra", at)
    yield* holds.put(issueOf(1), "Olga", at)
    assert.strictEqual(yield* held, "Petra")
  }),

  "failures are stored per phase, and parking keeps its time": Effect.gen(function* () {
    const failures = yield* FailuresRepo
    const state = { failures: 2, backoffUntil: later(5), parkedAt: null, last: "it failed" }
    yield* failures.put(issueOf(1), "planning", state)
    assert.deepStrictEqual(yield* failures.lock(issueOf(1), "planning"), state)
    assert.isNull(yield* failures.lock(issueOf(1), "implementation"))
    yield* failures.park(issueOf(1), "planning", "rejected")
    const parked = yield* failures.lock(issueOf(1), "planning")
    yield* failures.park(issueOf(1), "planning", "rejected again")
    assert.deepStrictEqual(yield* failures.lock(issueOf(1), "planning"), {
      ...state,
      parkedAt: parked?.parkedAt ?? null,
      last: "rejected again"
    })
    assert.deepStrictEqual(yield* failures.clear([issueOf(1)]), { backoff: true, parked: true })
    assert.deepStrictEqual(yield* failures.clear([issueOf(1)]), { backoff: false, parked: false })
  }),

  "an earlier reading of an issue does not replace a later one": Effect.gen(function* () {
    const issues = yield* IssuesRepo
    yield* issues.storeIssues([{ ...tracked(1), candidate: true }], [], later(5))
    const early = yield* issues.storeIssues(
      [{ ...tracked(1, { labels: [] }), candidate: true }],
      [],
      later(4)
    )
    assert.deepStrictEqual([...early], [])
    const late = yield* issues.storeIssues([{ ...tracked(1, { labels: [] }), candidate: true }], [], later(5))
    assert.deepStrictEqual([...late], [issueOf(1)])
  }),

  "an issue that is missing twice is absent since the first time, until it is read again": Effect.gen(
    function* () {
      yield* running
      const issues = yield* IssuesRepo
      const read = (minutes: number, ...missing: ReadonlyArray<string>) =>
        issues.storeIssues(
          missing.length > 0 ? [] : [{ ...tracked(1), candidate: true }],
          missing,
          later(minutes)
        )
      yield* read(1)
      yield* read(2, issueOf(1))
      yield* read(1, issueOf(1))
      assert.deepStrictEqual(yield* issues.absent(later(60)), [])
      yield* read(3, issueOf(1))
      assert.deepStrictEqual(yield* issues.absent(later(1)), [])
      assert.deepStrictEqual(yield* issues.absent(later(2)), [issueOf(1)])
      yield* read(4)
      assert.deepStrictEqual(yield* issues.absent(later(60)), [])
      assert.deepStrictEqual(yield* issues.tracked, [issueOf(1)])
      assert.deepStrictEqual(yield* issues.unsettled(issueOf(1)), { id: idOf(1), ended: false })
    }
  ),

  "decisions of an earlier epoch or an earlier moment are refused, and the others age": Effect.gen(
    function* () {
      const passes = yield* PassesRepo
      const decisions = yield* DecisionsRepo
      const issues = yield* IssuesRepo
      const first = yield* passes.raiseEpoch("a")
      const second = yield* passes.raiseEpoch("b")
      assert.deepStrictEqual([yield* passes.holds(first), yield* passes.holds(second)], [false, true])
      yield* issues.storeIssues([{ ...tracked(1), candidate: true }], [], at)
      const reasons = Effect.map(issues.list({}), (list) =>
        list.map(({ identifier, reason, since }) => [identifier, reason?._tag, DateTime.formatIso(since)])
      )
      const stored = (pass: number, epoch: number, minutes: number, reason: Reason["_tag"]) =>
        decisions.store(uuid(pass), epoch, later(minutes), [decided(1, { _tag: reason } as Reason)])
      yield* stored(1, first, 1, "paused")
      assert.deepStrictEqual(yield* reasons, [])
      yield* stored(2, second, 2, "paused")
      yield* stored(3, second, 3, "paused")
      const since = DateTime.formatIso(later(2))
      assert.deepStrictEqual(yield* reasons, [["ENG-1", "paused", since]])
      yield* stored(4, second, 1, "lost_race")
      assert.deepStrictEqual(yield* reasons, [["ENG-1", "paused", since]])
      yield* decisions.replace([decided(1, { _tag: "globally_paused" })], uuid(3), later(5))
      assert.deepStrictEqual(yield* reasons, [["ENG-1", "globally_paused", DateTime.formatIso(later(5))]])
      yield* decisions.store(uuid(5), second, later(6), [])
      yield* decisions.store(uuid(6), first, later(7), [])
      assert.lengthOf(yield* reasons, 1)
      yield* decisions.store(uuid(7), second, later(8), [])
      assert.deepStrictEqual(yield* reasons, [])
    }
  ),

  "one pass is requested at a time, and the next pass takes the request": Effect.gen(function* () {
    const passes = yield* PassesRepo
    const id = yield* passes.request(uuid(1), "Olga", at)
    assert.strictEqual(yield* passes.request(uuid(2), "Piet", at), id)
    assert.strictEqual(yield* passes.begin(1), id)
    yield* passes.finish(id, { candidates: 3, dispatched: 1, error: null })
    const last = yield* passes.last
    assert.deepStrictEqual([last?.id, last?.ok, last?.candidates], [id, true, 3])
    assert.notStrictEqual(yield* passes.begin(1), id)
    assert.isNotNull(yield* passes.lastGoodAt)
  }),

  "the first answer in time closes a question": Effect.gen(function* () {
    yield* running
    const questions = yield* QuestionsRepo
    const id = yield* questions.add(question, entry)
    assert.strictEqual((yield* readRow(1))?.waitingFor, "answer")
    assert.deepStrictEqual(yield* questions.count(idOf(1)), { open: 1, total: 1 })
    const tooLate = DateTime.add(question.expiresAt, { minutes: 1 })
    assert.isNull(yield* questions.answer(id, answer("late", tooLate), entry))
    assert.strictEqual((yield* questions.answer(id, answer("blue"), entry))?.answer?.text, "blue")
    assert.isNull(yield* questions.answer(id, answer("red"), entry))
    assert.lengthOf(yield* questions.expire(id, entry), 0)
    assert.strictEqual((yield* questions.find(id))?.answer?.text, "blue")
    assert.isNull((yield* readRow(1))?.waitingFor ?? null)
    assert.deepStrictEqual(yield* questions.closedOf([id]), [id])
    assert.strictEqual((yield* questions.findSame(idOf(1), question.text))?.id, id)
    yield* questions.acknowledge(id)
    assert.isNull(yield* questions.findSame(idOf(1), question.text))
  }),

  "a question closes with its dispatch, and then takes no answer": Effect.gen(function* () {
    const transitions = yield* running
    const questions = yield* QuestionsRepo
    const id = yield* questions.add(question, entry)
    assert.lengthOf(yield* questions.closeEnded(entry), 0)
    yield* transitions.end(idOf(1), outcome("lost"))
    assert.isNull(yield* questions.answer(id, answer("blue"), entry))
    assert.lengthOf(yield* questions.closeEnded(entry), 1)
    assert.lengthOf(yield* questions.open, 0)
  }),

  "a comment of a question is begun once for each attempt": Effect.gen(function* () {
    yield* running
    const questions = yield* QuestionsRepo
    const id = yield* questions.add(question, entry)
    const [row] = yield* questions.dueComments()
    if (row === undefined) return assert.fail("one is due")
    const retryAt = DateTime.makeUnsafe("2020-01-01T00:00:00Z")
    assert.isTrue(yield* questions.beginComment(row, retryAt))
    assert.isFalse(yield* questions.beginComment(row, retryAt))
    assert.lengthOf(yield* questions.dueComments(), 1)
    yield* questions.markCommented(row)
    assert.lengthOf(yield* questions.dueComments(), 0)
    yield* questions.expire(id, entry)
    assert.deepStrictEqual(
      (yield* questions.dueComments()).map(({ id }) => id),
      [id]
    )
    assert.isFalse(yield* questions.beginComment(row, retryAt))
  }),

  "a plan gets one verdict, and a withdrawn one none": Effect.gen(function* () {
    yield* Effect.flatMap(IssuesRepo, ({ upsert }) => upsert(tracked(1), at))
    const plans = yield* PlansRepo
    yield* plans.declare(issueOf(1), null, false)
    yield* plans.declare(issueOf(1), null, false)
    const plan = yield* plans.current(issueOf(1))
    if (plan === null) return assert.fail("there is a plan")
    assert.isTrue(yield* plans.reject(plan.id, "Olga", "Shorter"))
    assert.isFalse(yield* plans.approve(plan.id, "Petra", "api"))
    assert.strictEqual(yield* plans.rejectedInARow(issueOf(1)), 1)
    assert.isTrue(yield* plans.clearRejections([issueOf(1)]))
    assert.strictEqual(yield* plans.rejectedInARow(issueOf(1)), 0)
    assert.isFalse(yield* plans.withdraw(plan.id))
    yield* plans.declare(issueOf(1), plan.id, false)
    const next = yield* plans.current(issueOf(1))
    assert.notStrictEqual(next?.id, plan.id)
    assert.isTrue(yield* plans.withdraw(next?.id ?? ""))
    assert.isFalse(yield* plans.approve(next?.id ?? "", "Petra", "api"))
    assert.isNull(yield* plans.current(issueOf(1)))
    assert.deepStrictEqual(yield* plans.documents(plan.id), [])
    assert.isNull(yield* plans.documents(uuid(9)))
  }),

  "a new planning withdraws the plan before it": Effect.gen(function* () {
    const plans = yield* PlansRepo
    yield* Effect.flatMap(IssuesRepo, ({ upsert }) => upsert(tracked(1), at))
    yield* plans.declare(issueOf(1), null, true)
    yield* reserve(reservation(1, { phase: "planning" }))
    assert.deepStrictEqual(yield* plans.known([issueOf(1)], at), [])
    assert.isNull(yield* plans.current(issueOf(1)))
  }),

  "the facts of a team count its live dispatches and the labels of others": Effect.gen(function* () {
    yield* reserve(reservation(1), reservation(2))
    const issues = yield* IssuesRepo
    const labels = ["AI-Implement", "AI-Working"]
    yield* issues.storeIssues(
      [1, 3, 4].map((last) => ({
        ...tracked(
          last,
          last === 4 ? { labels, state: { id: "x", name: "x", type: "completed" } } : { labels }
        ),
        candidate: true
      })),
      [],
      later(1)
    )
    const facts = yield* FactsRepo
    const team = (now: DateTime.Utc) =>
      Effect.map(facts.teams([teamKey], now), ([row]) => [row?.used, row?.lastHour, row?.oldestLastHour])
    assert.deepStrictEqual(yield* team(later(30)), [3, 2, at])
    assert.deepStrictEqual(yield* team(later(70)), [3, 0, null])
  }),

  "a transaction is undone as a whole, a nested one alone": Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const holds = yield* HoldsRepo
    const transitions = yield* running
    const ended: Array<string> = []
    yield* sql.withTransaction(
      Effect.gen(function* () {
        yield* transitions.noteRunEnded(idOf(1))
        yield* sql.afterCommit(Effect.sync(() => void ended.push("outer")))
        yield* Effect.exit(
          sql.withTransaction(
            Effect.andThen(
              transitions.end(idOf(1), outcome("failed")),
              Effect.andThen(
                sql.afterCommit(Effect.sync(() => void ended.push("inner"))),
                Effect.fail("undo")
              )
            )
          )
        )
        assert.deepStrictEqual(ended, [])
      })
    )
    const row = yield* readRow(1)
    assert.isNull(row?.outcome ?? null)
    assert.isNotNull(row?.runEndedAt)
    assert.deepStrictEqual(ended, ["outer"])
    yield* Effect.exit(sql.withTransaction(Effect.andThen(holds.hold(idOf(1), "Olga"), Effect.fail("undo"))))
    assert.isFalse(yield* holds.release([issueOf(1)]))
  }),

  "a mapping is locked until the transaction ends, and what it writes is not seen before": Effect.gen(
    function* () {
      const sql = yield* SqlClient.SqlClient
      const facts = yield* FactsRepo
      const locked = yield* Deferred.make<void>()
      const go = yield* Deferred.make<void>()
      const order: Array<string> = []
      const first = yield* sql
        .withTransaction(
          Effect.gen(function* () {
            yield* facts.lockMapping(teamKey)
            yield* reserve(reservation(1))
            yield* Deferred.succeed(locked, undefined)
            yield* Deferred.await(go)
            order.push("first")
          })
        )
        .pipe(Effect.forkChild)
      yield* Deferred.await(locked)
      assert.isNull(yield* readRow(1))
      const second = yield* sql
        .withTransaction(
          Effect.gen(function* () {
            yield* facts.lockMapping(teamKey)
            order.push("second")
            return yield* readRow(1)
          })
        )
        .pipe(Effect.forkChild)
      yield* Effect.yieldNow
      yield* Deferred.succeed(go, undefined)
      yield* Fiber.join(first)
      assert.isNotNull(yield* Fiber.join(second))
      assert.deepStrictEqual(order, ["first", "second"])
    }
  )
}

const around = Layer.mergeAll(
  Layer.mock(Signals, { notify: () => Effect.void }),
  SecureRandom.layerWebCrypto,
  config({})
)

const sqlRepos = Layer.mergeAll(
  AdmissionRepo.layer,
  DispatchesRepo.layer,
  TransitionsRepo.layer,
  TimelineRepo.layer,
  SettlementsRepo.layer,
  PullRequestsRepo.layer,
  RunLogRepo.layer,
  IssuesRepo.layer,
  DedupRepo.layer,
  FailuresRepo.layer,
  HoldsRepo.layer,
  DecisionsRepo.layer,
  FactsRepo.layer,
  PlansRepo.layer,
  QuestionsRepo.layer,
  PassesRepo.layer
)

const onDatabase = Layer.mergeAll(
  sqlRepos,
  Layer.effectDiscard(
    Effect.flatMap(MappingsRepo, ({ upsert }) => upsert(mapping)).pipe(Effect.provide(MappingsRepo.layer))
  )
).pipe(Layer.provideMerge(TestDb), Layer.provide(around))

const inMemory = Layer.suspend(() => {
  const store = new Store()
  store.rows(t.mappings).set(teamKey, mapping)
  store.rows(t.instance).set(t.instanceKey, t.noInstance)
  return repos.pipe(Layer.provideMerge(Memory.layer(store)), Layer.provide(around))
})

describe.each([
  ["in SQL", onDatabase],
  ["in memory", inMemory]
] as const)("the repos of the dispatching core %s", (_, layer) => {
  for (const [title, holds] of Object.entries(contract)) {
    it.live(title, () => Effect.provide(holds, layer as Layer.Layer<Repos, unknown>))
  }
})
