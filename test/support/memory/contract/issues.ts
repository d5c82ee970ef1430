import { assert } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { DispatchesRepo } from "../../../../src/dispatching/dispatches/DispatchesRepo.ts"
import { PullRequestsRepo } from "../../../../src/dispatching/dispatches/PullRequestsRepo.ts"
import { DecisionsRepo } from "../../../../src/dispatching/issues/DecisionsRepo.ts"
import { FactsRepo } from "../../../../src/dispatching/issues/FactsRepo.ts"
import { FailuresRepo } from "../../../../src/dispatching/issues/FailuresRepo.ts"
import { HoldsRepo } from "../../../../src/dispatching/issues/HoldsRepo.ts"
import { IssuesRepo } from "../../../../src/dispatching/issues/IssuesRepo.ts"
import { PassesRepo } from "../../../../src/dispatching/poller/PassesRepo.ts"
import type { Reason } from "../../../../src/domain/Reason.ts"
import {
  type Contract,
  teamKey,
  at,
  later,
  uuid,
  idOf,
  issueOf,
  reservation,
  tracked,
  outcome,
  reserve,
  running,
  decided
} from "./fixtures.ts"

export const issues: Contract = {
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
  })
}
