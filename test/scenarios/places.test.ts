import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { TransitionsRepo } from "../../src/dispatching/dispatches/TransitionsRepo.ts"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import { Reports } from "../../src/dispatching/lifecycle/Reports.ts"
import type { Action } from "../../src/sandbox/Upstream.ts"
import { workflowInputs } from "../../src/sandbox/github/workflowInputs.ts"
import { Sessions } from "../../src/dispatching/sessions/Sessions.ts"
import { type EngineOptions, operator, repository, start } from "../support/engine.ts"
import { eventually } from "../support/eventually.ts"
import { TeamKey } from "../../src/domain/Ids.ts"

type Engine = Effect.Success<ReturnType<typeof start>>

const onFly = (options: EngineOptions = {}) =>
  start({ fly: {}, ...options, mapping: { executionMode: "fly-machines", ...options.mapping } })

const noApp: Action = { _tag: "status", status: 404, body: { error: "app not found" } }
const notFound: Action = { _tag: "status", status: 404, body: { message: "Not Found" } }
const other = { owner: "acme", repo: "site" }

const withOther = Effect.gen(function* () {
  const engine = yield* start()
  yield* engine.github.putRepository({
    ...other,
    workflows: [{ file: "claude-implement.yml", name: "Implement", inputs: workflowInputs }]
  })
  yield* engine.map({ teamKey: TeamKey.make("WEB"), ...other })
  return engine
})

/** As if the dispatch had been launched while another app was set. */
const moveElsewhere = Effect.fnUntraced(function* ({ fly, machinesOf, sql }: Engine, dispatch: Dispatch) {
  const [machine] = machinesOf(dispatch)
  const { id } = yield* fly.putMachine({
    app: "elsewhere",
    name: machine?.name ?? "",
    metadata: machine?.config.metadata ?? {}
  })
  yield* sql`update dispatches set fly_app = 'elsewhere',
    run = run || ${JSON.stringify({ app: "elsewhere", machineId: id })}::jsonb where id = ${dispatch.id}`
})

/** It is lost, the issue and the operator are notified why, and the last check of its repository no longer counts. */
const isLost = Effect.fnUntraced(function* (
  engine: Engine,
  { id, issueIdentifier }: Dispatch,
  expectedText: string
) {
  const { comments, labels, settled, sql, waitsFor } = engine
  const end = yield* settled(issueIdentifier)
  assert.deepStrictEqual(
    [end.id, end.status, end.outcome?.kind, end.outcome?.reason],
    [id, "failed", "lost", "run_vanished"]
  )
  assert.include(end.outcome?.message, expectedText)
  assert.include(comments(issueIdentifier)[0], expectedText)
  assert.deepStrictEqual([...labels(issueIdentifier)], ["AI-Implement"])
  yield* waitsFor(issueIdentifier, "backing_off")
  yield* sql`delete from issue_failures`
  yield* waitsFor(issueIdentifier, "repository_not_ready")
})

describe("a Fly app that is deleted while a machine of it runs", () => {
  it.live("ends the dispatch, frees its slot and leaves other apps alone", () =>
    Effect.gen(function* () {
      const engine = yield* onFly({ mapping: { maxInProgressAiIssues: 2 } })
      const { deliver, dispatched, fly, issue, map, services, settled, until, waitsFor } = engine
      const [doomed, unaffected] = [yield* dispatched(issue()), yield* dispatched(issue())]
      const third = issue()
      yield* waitsFor(third, "team_at_capacity")
      yield* moveElsewhere(engine, unaffected)
      fly.removeApp("sessions")
      const end = yield* settled(doomed.issueIdentifier)
      assert.deepStrictEqual([end.outcome?.kind, end.outcome?.reason], ["lost", "run_vanished"])
      assert.include(end.outcome?.message, "the app sessions is no longer found on Fly")
      assert.include(end.outcome?.message, "FLY_SESSIONS_APP")
      assert.deepStrictEqual([...engine.labels(doomed.issueIdentifier)], ["AI-Implement"])
      yield* map({ executionMode: "github-actions", maxInProgressAiIssues: 2 })
      yield* dispatched(third)
      assert.strictEqual((yield* until(unaffected.issueIdentifier, () => true)).status, "running")
      const machines = yield* Context.get(services, Sessions).list
      assert.isFalse(machines.some(({ dispatchId }) => dispatchId === doomed.id))
      yield* deliver(unaffected)
      assert.strictEqual((yield* settled(unaffected.issueIdentifier)).status, "succeeded")
    })
  )

  it.live("is reported on the issue, which waits until there is an app", () =>
    Effect.gen(function* () {
      const engine = yield* onFly()
      const dispatch = yield* engine.dispatched(engine.issue())
      engine.fly.removeApp("sessions")
      yield* isLost(engine, dispatch, "the app sessions is no longer found on Fly")
    })
  )

  it.live("changes nothing when it is back after a few checks", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, fly, issue, settled, sql } = yield* onFly()
      const dispatch = yield* dispatched(issue())
      fly.control.failNext({ match: "Machines_list", times: 5, action: noApp })
      yield* eventually(
        "it was missed and is seen again",
        Effect.map(
          sql`select run_missing from dispatches`,
          ([row]) =>
            Number(row?.["runMissing"]) === 0 &&
            fly.control.calls().filter(({ status }) => status === 404).length
        ),
        (missed) => missed === 5
      )
      yield* deliver(dispatch)
      assert.strictEqual((yield* settled(dispatch.issueIdentifier)).status, "succeeded")
    })
  )

  it.live("does not block the end of a stop", () =>
    Effect.gen(function* () {
      const { dispatched, dispatches, fly, issue, settled } = yield* onFly({
        policy: { stop: { forceAfter: Duration.minutes(1), notConfirmedAfter: Duration.minutes(2) } }
      })
      const dispatch = yield* dispatched(issue())
      fly.removeApp("sessions")
      yield* dispatches.cancel(dispatch.id, operator)
      const end = yield* settled(dispatch.issueIdentifier)
      assert.deepStrictEqual([end.status, end.outcome?.facts], ["cancelled", { by: "Olga" }])
    })
  )

  it.live("does not undo what the run had delivered", () =>
    Effect.gen(function* () {
      const { dispatched, fly, github, issue, services, settled } = yield* onFly()
      const dispatch = yield* dispatched(issue())
      yield* github.openPullRequest({ ...repository, branch: dispatch.branch, title: "Logo" })
      fly.removeApp("sessions")
      const row = yield* Context.get(services, TransitionsRepo).find(dispatch.id)
      assert.isNotNull(row)
      yield* Context.get(services, Reports).accept(row, {
        dispatchId: dispatch.id,
        phase: "implementation",
        outcome: "delivered"
      })
      assert.strictEqual((yield* settled(dispatch.issueIdentifier)).status, "succeeded")
    })
  )
})

it.live("an app whose machines cannot be stored does not block the others", () =>
  Effect.gen(function* () {
    const engine = yield* onFly({ mapping: { maxInProgressAiIssues: 2 } })
    const { deliver, dispatched, issue, settled, sql } = engine
    const [broken, unaffected] = [yield* dispatched(issue()), yield* dispatched(issue())]
    yield* moveElsewhere(engine, unaffected)
    yield* sql`delete from machines`
    yield* sql`alter table machines add constraint broken check (app <> 'sessions')`
    yield* deliver(unaffected)
    assert.strictEqual((yield* settled(unaffected.issueIdentifier)).status, "succeeded")
    yield* sql`alter table machines drop constraint broken`
    yield* deliver(broken)
    assert.strictEqual((yield* settled(broken.issueIdentifier)).status, "succeeded")
  })
)

describe("a repository that is gone while a run of it is live", () => {
  const ways: Readonly<Record<string, (engine: Engine) => void>> = {
    "was deleted": ({ github }) => github.removeRepository(repository),
    "lost the App": ({ github }) => github.install({ repositories: ["acme/site"] })
  }
  for (const [way, go] of Object.entries(ways)) {
    it.live(`because it ${way} ends the dispatch and leaves other repositories alone`, () =>
      Effect.gen(function* () {
        const engine = yield* withOther
        const { dispatched, github, issue, runsOf, settled, until } = engine
        const [doomed, unaffected] = [yield* dispatched(issue()), yield* dispatched(issue({ team: "WEB" }))]
        go(engine)
        yield* isLost(
          engine,
          doomed,
          "the App is not installed on acme/app any more, or there is no such repository"
        )
        assert.strictEqual((yield* until(unaffected.issueIdentifier, () => true)).status, "running")
        yield* github.openPullRequest({ ...other, branch: unaffected.branch, title: "Logo" })
        for (const { id } of runsOf(unaffected)) {
          yield* github.startRun(id)
          yield* github.finishRun(id, "success")
        }
        assert.strictEqual((yield* settled(unaffected.issueIdentifier)).status, "succeeded")
      })
    )
  }

  it.live("ends the dispatch too while only its pull request is being searched", () =>
    Effect.gen(function* () {
      const { dispatched, finish, github, issue, settled } = yield* start()
      const dispatch = yield* dispatched(issue())
      github.control.failNext({ match: "pulls/list", times: Infinity, action: notFound })
      yield* finish(dispatch, "success")
      const end = yield* settled(dispatch.issueIdentifier)
      assert.deepStrictEqual([end.outcome?.kind, end.outcome?.reason], ["lost", "run_vanished"])
      assert.include(end.outcome?.message, "the App is not installed on acme/app any more")
    })
  )
})
