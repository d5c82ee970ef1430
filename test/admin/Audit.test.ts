import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import { Authentication } from "../../src/admin/Authentication.ts"
import { Api } from "../../src/api/Api.ts"
import { Instance } from "../../src/admin/Instance.ts"
import { Questions } from "../../src/dispatching/questions/Questions.ts"
import { Runner } from "../../src/dispatching/callbacks/Runner.ts"
import { Secrets } from "../../src/admin/Secrets.ts"
import { Sessions } from "../../src/dispatching/sessions/Sessions.ts"
import { Settings } from "../../src/admin/Settings.ts"
import { SetupCommands } from "../../src/operations/Setup/SetupCommands.ts"
import { SyncWorkflows } from "../../src/dispatching/commands/SyncWorkflows.ts"
import { operator, repository, start } from "../support/engine.ts"
import { eventually } from "../support/eventually.ts"
import { jobToken, publicUrl, runIdOf } from "../support/job.ts"
import { MachineId, TeamKey } from "../../src/domain/Ids.ts"

type Name = {
  [
    Group in keyof typeof Api.groups
  ]: `${Group & string}.${keyof (typeof Api.groups)[Group]["endpoints"] & string}`
}[keyof typeof Api.groups]

interface Change {
  readonly route: Name
  readonly entry: readonly [action: string, subject: string]
  readonly make: Effect.Effect<unknown, unknown>
  /** When what follows from it is over. */
  readonly over?: Effect.Effect<unknown>
}

const causeOf = (exit: Exit.Exit<unknown, unknown>) =>
  Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "It was made."

const value = Redacted.make("of-the-test")

/** A running dispatch with a question, a machine, and issues that wait for an operator's word; passes read nothing. */
const scene = Effect.gen(function* () {
  const engine = yield* start({
    fly: {},
    env: { PUBLIC_URL: publicUrl },
    mapping: { ...repository, planningEnabled: false, sessionMode: "hybrid", maxInProgressAiIssues: 100 }
  })
  const { candidates, dispatched, dispatches, finish, issue, map, mappings, passes, services, settled, sql } =
    engine
  yield* map({
    teamKey: TeamKey.make("WEB"),
    planningEnabled: true,
    autoApprovePlans: false,
    executionMode: "fly-machines"
  })
  const failed = issue()
  const failure = yield* dispatched(failed)
  yield* finish(failure, "failure")
  yield* settled(failed)
  const planned = (...more: ReadonlyArray<string>) =>
    issue({ team: "WEB", labels: ["AI-Implement", "Plan-Complete", ...more] })
  const [good, bad, machined] = [planned(), planned(), planned("Plan-Approved")]
  const stray = issue({ labels: ["AI-Implement", "AI-Working"] })
  const parked = issue()
  yield* sql`insert into issue_failures (issue_id, phase, failures, parked_at, updated_at)
    values (${engine.linear.issueByIdentifier(parked)?.id}, 'implementation', 3, now(), now())`
  const asking = yield* dispatched(issue())
  const [machine] = engine.machinesOf(yield* engine.running(machined))
  yield* engine.labelled(machined, "AI-Working")
  yield* engine.labelled(asking.issueIdentifier, "AI-Working")
  const runner = Context.get(services, Runner)
  const { questionsToken } = yield* runner.claim(yield* jobToken(engine.github, runIdOf(asking)), asking.id)
  const question = yield* runner.ask(questionsToken, {
    dispatchId: asking.id,
    text: "Which logo?",
    options: []
  })
  const authentication = Context.get(services, Authentication)
  const workflows = Context.get(services, SyncWorkflows)
  const signIn = authentication.signIn({
    code: "a-code-of-the-tests-only",
    name: "Olga",
    address: "127.0.0.1"
  })
  const session = (yield* authentication.verify((yield* signIn).token))?.session ?? null
  const [instance, questions, secrets, sessions, settings] = [
    Context.get(services, Instance),
    Context.get(services, Questions),
    Context.get(services, Secrets),
    Context.get(services, Sessions),
    Context.get(services, Settings)
  ]
  const setup = Context.get(services, SetupCommands)
  /** A poll that is asked for now makes a row of its own. */
  const noPassWaits = eventually(
    "no pass waits to be started",
    Effect.orDie(sql`select 1 from passes where started_at is null`),
    ({ length }) => length === 0
  )
  const unlabelled = issue({ labels: [] })
  engine.linear.failNext({
    match: "query Page",
    times: Infinity,
    action: { _tag: "status", status: 503 }
  })
  const machineId = machine?.id ?? ""

  const changes: ReadonlyArray<Change> = [
    { route: "auth.signIn", entry: ["sign_in", "admin"], make: signIn },
    {
      route: "auth.signOut",
      entry: ["sign_out", "admin"],
      make: authentication.signOut({ ...operator, session })
    },
    {
      route: "mappings.patch",
      entry: ["mapping.update", "ENG"],
      make: mappings.patch(TeamKey.make("ENG"), { maxInProgressAiIssues: 99 }, operator)
    },
    {
      route: "operations.setRunnerMode",
      entry: ["setting.save", "runner_mode"],
      make: settings.setRunnerMode("default", operator)
    },
    {
      route: "operations.saveSettings",
      entry: ["setting.save", "fly_sessions_region"],
      make: settings.save({ flySessionsRegion: "ams" }, operator)
    },
    {
      route: "secrets.setGlobal",
      entry: ["secret.set", "A"],
      make: secrets.global.set({ name: "A", value }, operator)
    },
    {
      route: "secrets.deleteGlobal",
      entry: ["secret.delete", "A"],
      make: secrets.global.delete("A", operator)
    },
    {
      route: "secrets.set",
      entry: ["secret.set", "B"],
      make: secrets.ofTeam(TeamKey.make("ENG")).set({ name: "B", value }, operator)
    },
    {
      route: "secrets.delete",
      entry: ["secret.delete", "B"],
      make: secrets.ofTeam(TeamKey.make("ENG")).delete("B", operator)
    },
    {
      route: "issues.removeFromDedup",
      entry: ["dedup.delete", failed],
      make: candidates.removeFromDedup(failed, operator)
    },
    {
      route: "issues.unpark",
      entry: ["issue.unpark", parked],
      make: candidates.unpark(parked, operator)
    },
    { route: "issues.reset", entry: ["issue.reset", stray], make: candidates.reset(stray, operator) },
    {
      route: "issues.dispatch",
      entry: ["issue.dispatch", unlabelled],
      make: candidates.dispatch({ issue: unlabelled, by: operator })
    },
    {
      route: "dispatches.retry",
      entry: ["dispatch.retry", failure.id],
      make: candidates.retry(failure.id, operator)
    },
    {
      route: "questions.answer",
      entry: ["question.answer", question.id],
      make: questions.answer(question.id, "The old one.", operator)
    },
    {
      route: "issues.reject",
      entry: ["plan.reject", bad],
      make: candidates.reject(bad, "Too large.", operator)
    },
    {
      route: "dispatches.cancel",
      entry: ["dispatch.cancel", asking.id],
      make: dispatches.cancel(asking.id, operator),
      over: settled(asking.issueIdentifier)
    },
    {
      route: "sessions.destroy",
      entry: ["session.destroy", machineId],
      make: sessions.destroy(MachineId.make(machineId), operator),
      over: settled(machined)
    },
    {
      route: "operations.pause",
      entry: ["pause", "instance"],
      make: instance.setPaused({ paused: true }, operator)
    },
    {
      route: "issues.approve",
      entry: ["plan.approve", good],
      make: candidates.approve(good, operator),
      over: noPassWaits
    },
    { route: "operations.poll", entry: ["poll", "instance"], make: passes.poll(operator) },
    {
      route: "mappings.save",
      entry: ["mapping.create", "OPS"],
      make: mappings.save({ teamKey: TeamKey.make("OPS"), ...repository }, operator)
    },
    {
      route: "mappings.sync",
      entry: ["mapping.sync", "ENG"],
      make: workflows.sync(TeamKey.make("ENG"), operator)
    },
    {
      route: "mappings.delete",
      entry: ["mapping.delete", "OPS"],
      make: mappings.remove(TeamKey.make("OPS"), { ifIdle: false }, operator)
    },
    {
      route: "setup.setPollingOnly",
      entry: ["setup.polling-only", "instance"],
      make: setup.setPollingOnly(true, operator)
    },
    {
      route: "setup.prepareApp",
      entry: ["setup.app-prepare", "acme"],
      make: setup.prepareApp({ organization: "acme", origin: publicUrl }, operator)
    },
    {
      route: "setup.createTestIssue",
      entry: ["setup.test-issue", "ENG"],
      make: setup.createTestIssue(TeamKey.make("ENG"), operator)
    }
  ]
  return { ...engine, changes, stray }
})

describe("the audit", () => {
  it.live(
    "has an entry of every change, and a change whose entry cannot be written is not made",
    () =>
      Effect.gen(function* () {
        const { changes, fly, github, labels, sql, stray } = yield* scene
        yield* sql`create function refuse() returns trigger language plpgsql
          as $$ begin raise exception 'no entry'; end $$`
        yield* sql`create trigger refuse before insert on audit for each row execute function refuse()`
        const refuse = (on: boolean) =>
          on ? sql`alter table audit enable trigger refuse` : sql`alter table audit disable trigger refuse`

        const written = Effect.map(
          sql`select
            (select jsonb_agg(m order by team_key) from mappings m) as mappings,
            (select jsonb_agg(s order by name) from settings s) as settings,
            (select jsonb_agg(s order by name) from secrets s) as secrets,
            (select jsonb_agg(d order by issue_id) from dedup d) as dedup,
            (select jsonb_agg(f order by issue_id) from issue_failures f) as failures,
            (select jsonb_agg(verdict order by id) from plans) as verdicts,
            (select jsonb_agg(answer_text order by id) from questions) as answers,
            (select jsonb_agg(jsonb_build_array(id, stop_requested_at, outcome) order by id) from dispatches)
              as dispatches,
            (select count(*) from passes where requested_by = ${operator.name}) as passes,
            (select count(*) from reaper_actions) as reaped,
            (select jsonb_agg(jsonb_build_array(id, revoked_at) order by id) from admin_sessions) as sessions,
            (select paused_at from instance) as paused`,
          (rows) => [
            rows,
            fly.control.calls().filter(({ method }) => method !== "GET").length,
            github.pullRequests().length,
            [...labels(stray)]
          ]
        )
        const entries = sql`select action, subject from audit order by id`

        for (const { entry, make, over = Effect.void, route } of changes) {
          const [before, earlier] = [yield* written, yield* entries]
          yield* refuse(true)
          assert.match(yield* Effect.map(Effect.exit(make), causeOf), /no entry/, route)
          assert.deepStrictEqual(yield* written, before, route)
          yield* refuse(false)
          yield* make
          assert.notDeepEqual(yield* written, before, route)
          const [action, subject] = entry
          assert.deepStrictEqual((yield* entries).slice(earlier.length), [{ action, subject }], route)
          yield* over
        }
        const writing = Object.values(Api.groups).flatMap(({ endpoints, identifier }) =>
          Object.values(endpoints).flatMap((endpoint) =>
            endpoint.method === "GET" ? [] : [`${identifier}.${endpoint.identifier}`]
          )
        )
        // The test of the set-up's commands has the entries of those that follow from what a vendor gave.
        const elsewhere = [
          "setup.receiveApp",
          "setup.createWebhook",
          "setup.createLabel",
          "setup.removeTestIssue"
        ]
        assert.sameMembers(
          [...changes.map(({ route }) => route), ...elsewhere, "connectionTests.try"],
          writing
        )
        assert.lengthOf(yield* sql`select 1 from audit where after ? 'confirmed'`, 0)
      }),
    60_000
  )

  it.live(
    "records an external change as unknown until its result is known, and nothing of a refused one",
    () =>
      Effect.gen(function* () {
        const { candidates, issue, labels, linear, pass, sql } = yield* start()
        const identifier = issue({ labels: ["AI-Implement", "AI-Working"] })
        yield* pass
        const reset = Effect.exit(candidates.reset(identifier, operator))
        const entries = Effect.map(
          sql`select after from audit where action = 'issue.reset' order by id`,
          (rows) => rows.map(({ after }) => after)
        )
        const fails = (status: number) =>
          linear.failNext({
            match: "issueUpdate",
            times: Infinity,
            action: { _tag: "status", status, body: {} }
          })
        fails(401)
        assert.strictEqual((yield* reset)._tag, "Failure")
        assert.deepStrictEqual(yield* entries, [])
        linear.clearFaults()
        fails(503)
        assert.strictEqual((yield* reset)._tag, "Failure")
        const unknown = { labelsOff: ["AI-Working"], confirmed: false }
        assert.deepStrictEqual(yield* entries, [unknown])
        linear.clearFaults()
        assert.strictEqual((yield* reset)._tag, "Success")
        assert.deepStrictEqual(yield* entries, [unknown, { labelsOff: ["AI-Working"] }])
        assert.deepStrictEqual([...labels(identifier)], ["AI-Implement"])
      })
  )
})
