import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { Instance } from "../../src/admin/Instance.ts"
import { Settings } from "../../src/admin/Settings.ts"
import { operator, repository, start } from "../support/engine.ts"
import { eventually } from "../support/eventually.ts"
import { TeamKey } from "../../src/domain/Ids.ts"

const machineSettings = ["FLY_SESSIONS_APP", "FLY_SESSIONS_TOKEN", "SESSION_IMAGE", "PUBLIC_URL"]

describe("an issue waits, and the reason says why", () => {
  it.live("while another open issue blocks it", () =>
    Effect.gen(function* () {
      const { dispatched, issue, linear, waitsFor } = yield* start()
      const blocker = issue({ labels: [] })
      const identifier = issue({ blockedBy: [blocker] })
      const reason = yield* waitsFor(identifier, "blocked")
      assert.deepInclude(reason, { more: false })
      assert.deepStrictEqual(reason?._tag === "blocked" && reason.by.map(({ identifier }) => identifier), [
        blocker
      ])
      linear.setState(blocker, "Done")
      yield* dispatched(identifier)
    })
  )

  it.live("while Linear does not show all of it, and the others continue", () =>
    Effect.gen(function* () {
      const { attempts, dispatched, issue, linear, pass, reason, running, sql } = yield* start({
        mapping: { maxInProgressAiIssues: 5 }
      })
      const [hidden, live, other] = [issue(), issue(), issue()]
      const dispatch = yield* dispatched(live)
      yield* running(hidden)
      const late = issue()
      linear.hideField(late, "inverseRelations")
      linear.hideField(live, "title")
      yield* pass
      assert.deepStrictEqual(yield* reason(late), { _tag: "unreadable", what: "blockers" })
      assert.deepStrictEqual(yield* attempts(late), [])
      assert.strictEqual((yield* running(other)).outcome, null)
      const [followed] = yield* attempts(live)
      assert.deepStrictEqual([followed?.id, followed?.stopRequestedAt], [dispatch.id, null])
      assert.deepStrictEqual(yield* sql`select title, missing from issues where identifier = ${live}`, [
        { title: "Add a logo", missing: 0 }
      ])
      linear.hideField(late, null)
      yield* dispatched(late)
    })
  )

  it.live("while its team has no mapping, or a paused one", () =>
    Effect.gen(function* () {
      const { dispatched, issue, map, waitsFor } = yield* start()
      const identifier = issue({ team: "WEB" })
      assert.deepStrictEqual(yield* waitsFor(identifier, "no_mapping"), {
        _tag: "no_mapping",
        teamKey: "WEB"
      })
      yield* map({ teamKey: TeamKey.make("WEB"), paused: true })
      yield* waitsFor(identifier, "paused")
      yield* map({ teamKey: TeamKey.make("WEB"), paused: false })
      yield* dispatched(identifier)
    })
  )

  it.live("while everything is paused, unless it would wait without the pause, and what runs continues", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, issue, pass, running, services, settled, waitsFor } = yield* start()
      const instance = Context.get(services, Instance)
      const [early, late] = [issue(), issue({ title: "Later" })]
      const pause = (paused: boolean) => instance.setPaused({ paused, reason: "a freeze" }, operator)
      yield* pause(true)
      yield* waitsFor(early, "globally_paused")
      yield* pause(false)
      const live = yield* dispatched(early)
      yield* running(late)
      yield* pause(true)
      yield* deliver(live)
      assert.strictEqual((yield* settled(early)).status, "succeeded")
      yield* waitsFor(early, "ready_for_review")
      yield* pause(false)
      yield* pass
    })
  )

  it.live("while its pull request is open or it has the label Ready for Review", () =>
    Effect.gen(function* () {
      const { candidates, deliver, dispatched, github, issue, linear, settled, sql, waitsFor } =
        yield* start()
      const identifier = issue()
      const pull = yield* deliver(yield* dispatched(identifier))
      yield* settled(identifier)
      yield* candidates.removeFromDedup(identifier, operator)
      yield* waitsFor(identifier, "ready_for_review")
      linear.setLabels(identifier, ["AI-Implement"])
      const reason = yield* waitsFor(identifier, "open_pull_request")
      assert.include(reason?._tag === "open_pull_request" && reason.url, `/pull/${pull.number}`)
      yield* github.closePullRequest({ ...repository, number: pull.number })
      yield* eventually("the monitor has seen it closed", sql`select state from pull_requests`, ([row]) => {
        return row?.["state"] === "closed"
      })
      const again = yield* dispatched(identifier)
      assert.strictEqual(again.attempt, 2)
    })
  )

  it.live("while it is in the dedup window, and no longer", () =>
    Effect.gen(function* () {
      const { dispatched, finish, issue, settled, sql, waitsFor } = yield* start()
      const identifier = issue()
      yield* finish(yield* dispatched(identifier), "failure")
      const first = yield* settled(identifier)
      const reason = yield* waitsFor(identifier, "dedup")
      const until = reason?._tag === "dedup" ? reason.until.epochMilliseconds : 0
      assert.strictEqual(until - first.reservedAt.epochMilliseconds, 24 * 3_600_000)
      yield* sql`update dedup set expires_at = now() - interval '1 millisecond'`
      const second = yield* dispatched(identifier)
      assert.strictEqual(second.attempt, 2)
      assert.notStrictEqual(second.branch, first.branch)
    })
  )

  it.live("until it is taken out of the dedup window", () =>
    Effect.gen(function* () {
      const { candidates, dispatched, finish, issue, settled, until, waitsFor } = yield* start()
      const identifier = issue()
      yield* finish(yield* dispatched(identifier), "failure")
      yield* settled(identifier)
      yield* waitsFor(identifier, "dedup")
      assert.deepStrictEqual(yield* candidates.removeFromDedup(identifier, operator), ["dedup"])
      const again = yield* until(identifier, ({ attempt }) => attempt === 2)
      assert.strictEqual(again.trigger, "poll")
    })
  )

  it.live("while its dispatch runs, and while what follows the end is still pending", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, issue, linear, settled, until, waitsFor } = yield* start()
      const identifier = issue()
      const live = yield* dispatched(identifier)
      assert.deepStrictEqual(yield* waitsFor(identifier, "running"), {
        _tag: "running",
        dispatchId: live.id,
        phase: "implementation",
        status: "running"
      })
      linear.failNext({ match: "comment", times: Infinity, action: { _tag: "status", status: 503 } })
      yield* deliver(live)
      yield* until(
        identifier,
        ({ pending }) => pending.length === 1 && pending.every(({ attempts }) => attempts > 0)
      )
      const reason = yield* waitsFor(identifier, "settling")
      assert.deepStrictEqual(reason?._tag === "settling" && reason.pending, ["comment"])
      linear.clearFaults()
      yield* settled(identifier)
    })
  )

  const notConfigured = (
    name: string,
    missing: ReadonlyArray<string>,
    options: Parameters<typeof start>[0]
  ) =>
    it.live(`while ${name} is not set: ${missing.join(", ")}`, () =>
      Effect.gen(function* () {
        const { issue, waitsFor, attempts } = yield* start(options)
        const identifier = issue()
        assert.deepStrictEqual(yield* waitsFor(identifier, "not_configured"), {
          _tag: "not_configured",
          missing
        })
        assert.lengthOf(yield* attempts(identifier), 0)
      })
    )

  notConfigured("the machine mode", machineSettings, { mapping: { executionMode: "fly-machines" } })
  notConfigured("the GitHub App", ["GITHUB_APP_ID"], { env: { GITHUB_APP_ID: "" } })

  it.live("while the runner mode sends everything to machines", () =>
    Effect.gen(function* () {
      const { dispatched, issue, services, waitsFor } = yield* start()
      const settings = Context.get(services, Settings)
      const identifier = issue()
      yield* settings.setRunnerMode("fly", operator)
      assert.deepStrictEqual(yield* waitsFor(identifier, "not_configured"), {
        _tag: "not_configured",
        missing: machineSettings
      })
      yield* settings.setRunnerMode("gha", operator)
      assert.strictEqual((yield* dispatched(identifier)).runnerMode, "gha")
    })
  )

  it.live("and the reason keeps its start, and is deleted with its issue after two passes", () =>
    Effect.gen(function* () {
      const { candidates, issue, linear, pass, waitsFor } = yield* start()
      const blocker = issue({ labels: [] })
      const identifier = issue({ blockedBy: [blocker] })
      yield* waitsFor(identifier, "blocked")
      const [before] = yield* candidates.list({ issue: identifier })
      yield* waitsFor(identifier, "blocked")
      const [after] = yield* candidates.list({ reason: "blocked" })
      assert.deepStrictEqual(after?.since, before?.since)
      assert.notStrictEqual(after?.passId, before?.passId)
      linear.setLabels(identifier, [])
      yield* pass
      assert.lengthOf(yield* candidates.list({ issue: identifier }), 1)
      yield* pass
      assert.lengthOf(yield* candidates.list({ issue: identifier }), 0)
    })
  )
})
