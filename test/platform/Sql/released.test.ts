import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Migrations from "../../../src/platform/Sql/Migrations.ts"
import { emptied } from "../../support/emptied.ts"
import { TestDb } from "../../support/TestDb.ts"

/** The schemas of releases, each named by its last migration, as `pg_dump --schema-only` wrote them. */
const folder = fileURLToPath(new URL("released/", import.meta.url))

const id = "01980000-0000-7000-8000-000000000001"

/** A live dispatch and what belongs to it, as the release with migration 3 stored them. */
const rows = [
  `insert into instance (orchestrator_id, poller_epoch) values ('${id}', 7)`,
  `insert into mappings (team_key, owner, repo, default_branch, provider, workflow_file, planning_workflow_file,
      max_in_progress_ai_issues, execution_mode, session_mode, machine_cpus, machine_memory_mb, planning_enabled, auto_approve_plans, deadline_minutes,
      extra_env, paused, created_at, updated_at)
    values ('ENG', 'acme', 'app', 'main', 'anthropic', 'claude-implement.yml', 'claude-plan.yml', 2, 'github-actions',
      'autonomous', 2, 2048, true, false, 60, '{"A": "b"}', false, now(), now())`,
  `insert into decisions (issue_id, decision, reason, since, pass_id) values
    ('i1', 'wait', '{"_tag": "rate_brake", "until": "2026-01-01T00:00:00.000Z"}', now(), '${id}')`,
  `insert into audit (at, action, subject, after) values
    (now(), 'issue.dispatch', 'ENG-1', '{"waits": "rate_brake", "cleared": []}')`
]

/** Every column, index, constraint, trigger and function, but for the order of columns and redundant parentheses. */
const schema = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  return yield* sql`
    select 'column' as kind, c.relname || '.' || a.attname as name,
        concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
          pg_get_expr(d.adbin, d.adrelid)) as definition
      from pg_class c join pg_attribute a on a.attrelid = c.oid
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
    union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
    union all select 'constraint', conname, pg_get_constraintdef(oid) from pg_constraint
      where connamespace = 'public'::regnamespace and contype <> 'n'
    union all select 'trigger', tgname, translate(pg_get_triggerdef(oid), '()', '') from pg_trigger where not tgisinternal
    union all select 'function', proname, prosrc from pg_proc where pronamespace = 'public'::regnamespace
    order by 1, 2, 3`
})

describe("the schema of a release", () => {
  it.effect.each(readdirSync(folder).filter((name) => name.endsWith(".sql")))(
    "%s becomes the schema of today, and its rows stay",
    (name) =>
      Effect.gen(function* () {
        const today = yield* schema
        const sql = yield* emptied
        for (const statement of readFileSync(folder + name, "utf8").split("\n\n"))
          yield* sql.unsafe(statement)
        for (const statement of rows) yield* sql.unsafe(statement)
        const last = Number.parseInt(name, 10)
        const known = readdirSync(Migrations.directory)
        for (const file of known) {
          const number = Number.parseInt(file, 10)
          if (number <= last)
            yield* sql`insert into migrations (migration_id, name) values (${number}, ${file.slice(5, -3)})`
        }
        yield* Migrations.run(Migrations.directory)
        assert.deepStrictEqual(yield* schema, today)
        assert.deepStrictEqual(
          yield* sql`select poller_epoch, length(replica_key) as key, extra_env, reason ->> '_tag' as waits,
            after ->> 'waits' as audited from instance, mappings, decisions, audit`,
          [{ pollerEpoch: 7, key: 64, extraEnv: { A: "b" }, waits: "hourly_limit", audited: "hourly_limit" }]
        )
      }).pipe(Effect.provide(TestDb))
  )
})
