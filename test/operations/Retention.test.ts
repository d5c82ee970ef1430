import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { Lifecycle } from "../../src/dispatching/lifecycle/Lifecycle.ts"
import { tidy } from "../../src/operations/Retention.ts"
import { RetentionRepo } from "../../src/operations/Retention/RetentionRepo.ts"
import { insertDispatch } from "../support/dispatchRow.ts"
import { start } from "../support/engine.ts"

const settledOne = Effect.gen(function* () {
  const engine = yield* start()
  const identifier = engine.issue()
  yield* engine.deliver(yield* engine.dispatched(identifier))
  const dispatch = yield* engine.settled(identifier)
  const run = tidy().pipe(Effect.provide(RetentionRepo.layer), Effect.provide(engine.services))
  const { sql } = engine
  const engineRows = Effect.map(
    sql`select count(*)::int as count from cluster_messages where entity_type = 'Workflow/Dispatch'`,
    ([row]) => row?.["count"]
  )
  const age = (interval: string) =>
    sql`update dispatches set settled_at = now() - ${interval}::interval where id = ${dispatch.id}`
  return { ...engine, dispatch, identifier, run, engineRows, age }
})

describe("retention", () => {
  it.live("drops the engine's rows of a dispatch that settled an hour ago, and keeps the dispatch", () =>
    Effect.gen(function* () {
      const { age, attempts, identifier, engineRows, run } = yield* settledOne
      yield* run
      assert.isAbove(Number(yield* engineRows), 0)
      yield* age("2 hours")
      yield* run
      assert.strictEqual(yield* engineRows, 0)
      assert.lengthOf(yield* attempts(identifier), 1)
    })
  )

  it.live("continues after a dispatch whose rows cannot be dropped", () =>
    Effect.gen(function* () {
      const { services, sql } = yield* start({ mapping: null })
      const insert = insertDispatch({ outcome: "delivered" }).pipe(
        Effect.provideService(SqlClient.SqlClient, sql)
      )
      const [stuck] = [yield* insert, yield* insert].toSorted()
      yield* sql`update dispatches set settled_at = now() - interval '2 hours'`
      const lifecycle = Context.get(services, Lifecycle)
      yield* tidy().pipe(
        Effect.provide(RetentionRepo.layer),
        Effect.provideService(Lifecycle, {
          ...lifecycle,
          clearWorkflow: (dispatch) =>
            dispatch.id === stuck ? Effect.die("stuck") : lifecycle.clearWorkflow(dispatch)
        }),
        Effect.provide(services)
      )
      const left = yield* sql`select id from dispatches where workflow_cleared_at is null`
      assert.deepStrictEqual(left, [{ id: stuck }])
    })
  )

  it.live("deletes at most 1000 rows in one transaction", () =>
    Effect.gen(function* () {
      const { services, sql } = yield* start({ mapping: null })
      yield* sql`insert into audit (at, action, subject)
        select now() - interval '91 days', 'poll', 'instance' from generate_series(1, 2500)`
      yield* sql`insert into used_tokens (jti, expires_at)
        select n::text, now() - interval '1 day' from generate_series(1, 1001) as n`
      yield* sql`create table deleted (tx xid8, rows int)`
      yield* sql`create function count_deleted() returns trigger language plpgsql as $$ begin
        insert into deleted select pg_current_xact_id(), count(*) from gone; return null; end $$`
      for (const table of ["audit", "used_tokens"]) {
        yield* sql`create trigger count_deleted after delete on ${sql(table)}
          referencing old table as gone for each statement execute function count_deleted()`
      }
      yield* tidy().pipe(Effect.provide(RetentionRepo.layer), Effect.provide(services))
      assert.deepStrictEqual(
        yield* sql`select sum(rows)::int as rows from deleted group by tx having sum(rows) > 0 order by 1`,
        [{ rows: 1 }, { rows: 500 }, { rows: 1000 }, { rows: 1000 }, { rows: 1000 }]
      )
    })
  )

  it.live("keeps the events of one day for clients that reconnect", () =>
    Effect.gen(function* () {
      const { run, sql } = yield* settledOne
      yield* sql`update events set at = now() - interval '23 hours'`
      yield* run
      const dispatchEvents = sql`select id from events where type = 'dispatch'`
      assert.isNotEmpty(yield* dispatchEvents)
      yield* sql`update events set at = now() - interval '25 hours'`
      yield* run
      assert.isEmpty(yield* dispatchEvents)
    })
  )

  it.live("drops a dispatch past its days, but never one of the newest 500", () =>
    Effect.gen(function* () {
      const { age, attempts, dispatch, identifier, run, sql } = yield* settledOne
      yield* age("91 days")
      yield* run
      assert.lengthOf(yield* attempts(identifier), 1)
      yield* Effect.replicateEffect(insertDispatch({ outcome: "delivered" }), 500).pipe(
        Effect.provideService(SqlClient.SqlClient, sql)
      )
      yield* sql`update dispatches set id = uuidv7() where id <> ${dispatch.id}`
      yield* run
      assert.lengthOf(yield* sql`select id from dispatches where id = ${dispatch.id}`, 0)
      assert.lengthOf(yield* sql`select id from dispatches`, 500)
    })
  )

  it.live(
    "drops deliveries of webhooks after a week, and questions and notifications after their retention",
    () =>
      Effect.gen(function* () {
        const { services, sql } = yield* start({ mapping: null })
        yield* sql`insert into webhook_deliveries (source, id, received_at)
        values ('linear', 'old', now() - interval '8 days'), ('linear', 'new', now() - interval '6 days')`
        yield* sql`insert into comment_triggers (owner, repo, comment_id, pr_number, state, next_at, received_at)
        select 'acme', 'app', n, 1, (array['done', 'refused', 'pending', 'done'])[n], now(),
          now() - (array['91 days', '91 days', '91 days', '89 days'])[n]::interval from generate_series(1, 4) as n`
        yield* sql`insert into notifications (id, key, kind, body, state, next_at, created_at)
        select gen_random_uuid(), n, 'test', '{}', (array['sent', 'given_up', 'pending', 'sent'])[n], now(),
          now() - (array['91 days', '91 days', '91 days', '89 days'])[n]::interval from generate_series(1, 4) as n`
        yield* tidy().pipe(Effect.provide(RetentionRepo.layer), Effect.provide(services))
        assert.deepStrictEqual(yield* sql`select id from webhook_deliveries`, [{ id: "new" }])
        assert.deepStrictEqual(yield* sql`select comment_id as id from comment_triggers order by 1`, [
          { id: 3 },
          { id: 4 }
        ])
        assert.deepStrictEqual(yield* sql`select key from notifications order by 1`, [
          { key: "3" },
          { key: "4" }
        ])
      })
  )

  it.live("drops the plans of issues without recent work", () =>
    Effect.gen(function* () {
      const { dispatch, identifier, issue, pass, linear, run, sql } = yield* settledOne
      const candidate = linear.issueByIdentifier(issue({ labels: ["AI-Implement", "Plan-Complete"] }))?.id
      yield* pass
      yield* sql`insert into plans (id, issue_id, documents, finished_at) values
        (uuidv7(), 'gone', '[]', now()), (uuidv7(), 'gone long ago', '[]', now()), (uuidv7(), ${dispatch.issueId}, '[]', now())`
      yield* sql`update plans set finished_at = now() - interval '91 days' where issue_id <> 'gone'`
      yield* run
      assert.deepStrictEqual(
        (yield* sql`select issue_id from plans`).map((row) => row["issueId"]).toSorted(),
        [candidate, dispatch.issueId, "gone"].toSorted(),
        identifier
      )
    })
  )

  it.live(
    "drops the failures and the hold of an issue that is gone, once none of its dispatches needs them",
    () =>
      Effect.gen(function* () {
        const { dispatched, issue, pass, run, sql } = yield* settledOne
        const [gone, live, there] = [issue(), issue(), issue()]
        yield* dispatched(live)
        yield* pass
        yield* sql`insert into issue_failures (issue_id, phase, failures, updated_at)
        select issue_id, 'implementation', 1, now() from issues where identifier in (${gone}, ${live}, ${there})`
        yield* sql`insert into issue_holds (issue_id, held_by, held_at)
        select issue_id, 'Olga', now() from issues where identifier in (${gone}, ${there})`
        yield* sql`delete from dispatches where issue_identifier = ${gone}`
        yield* sql`update issues set missing = case identifier when ${there} then 1 else 2 end`
        yield* run
        assert.deepStrictEqual(
          yield* sql`select identifier from issue_failures join issues using (issue_id) order by identifier`,
          [{ identifier: live }, { identifier: there }]
        )
        assert.deepStrictEqual(yield* sql`select identifier from issue_holds join issues using (issue_id)`, [
          { identifier: there }
        ])
      })
  )

  it.live("drops expired sessions and sign-in attempts", () =>
    Effect.gen(function* () {
      const { services, sql } = yield* start({ mapping: null })
      yield* sql`insert into admin_sessions (id, token_hash, address, created_at, expires_at)
        select gen_random_uuid(), n, n, now() - make_interval(days => n), now() from unnest(array[29, 31]) as n`
      yield* sql`insert into auth_attempts (address, failures, updated_at)
        select n, 1, now() - make_interval(hours => n) from unnest(array[23, 25]) as n`
      yield* sql`insert into auth_failures (at)
        select now() - make_interval(mins => n) from unnest(array[59, 61]) as n`
      yield* tidy().pipe(Effect.provide(RetentionRepo.layer), Effect.provide(services))
      const stored = yield* sql`select address from admin_sessions
        union all select address from auth_attempts
        union all select 'at ' || date_part('minute', now() - at) from auth_failures`
      assert.deepStrictEqual(stored, [{ address: "29" }, { address: "23" }, { address: "at 59" }])
    })
  )

  it.live("drops used tokens when they have expired, and lines of runs after a week", () =>
    Effect.gen(function* () {
      const { dispatch, run, sql } = yield* settledOne
      yield* sql`insert into used_tokens (jti, expires_at)
        values ('old', now() - interval '1 second'), ('new', now() + interval '1 minute')`
      yield* sql`insert into dispatch_logs (dispatch_id, at, text)
        select ${dispatch.id}, now() - make_interval(days => n), 'line ' || n from unnest(array[8, 6]) as n`
      yield* run
      assert.deepStrictEqual(yield* sql`select jti from used_tokens`, [{ jti: "new" }])
      assert.deepStrictEqual(yield* sql`select text from dispatch_logs`, [{ text: "line 6" }])
    })
  )
})
