import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** A table whose rows are told of, by which function with which arguments, and the columns whose change is news. */
interface Told {
  readonly table: string
  readonly by: string
  readonly columns?: ReadonlyArray<string>
  readonly deleted?: boolean
}

const told: ReadonlyArray<Told> = [
  {
    table: "dispatches",
    by: "tell_dispatch('dispatch', 'id')",
    columns: [
      "status",
      "waiting_for",
      "stop_requested_at",
      "outcome",
      "run",
      "cost_usd",
      "tokens",
      "deadline_at",
      "settled_at"
    ]
  },
  { table: "dispatch_events", by: "tell_dispatch('dispatch', 'dispatch_id')" },
  {
    table: "settlement_effects",
    by: "tell_dispatch('dispatch', 'dispatch_id')",
    columns: ["state", "attempts", "last_error"]
  },
  {
    table: "pull_requests",
    by: "tell_dispatch('dispatch', 'dispatch_id')",
    columns: ["dispatch_id", "state", "draft"]
  },
  { table: "dispatch_logs", by: "tell_dispatch('log', 'dispatch_id')" },
  {
    table: "questions",
    by: "tell_row('question', 'id', 'dispatchId', 'issueId')",
    columns: ["answered_at", "closed_at"]
  },
  {
    table: "decisions",
    by: "tell_row('issue', 'issue_id')",
    columns: ["decision", "phase", "reason"],
    deleted: true
  },
  {
    table: "issues",
    by: "tell_row('issue', 'issue_id')",
    columns: ["identifier", "title", "team_key", "priority", "state_name", "state_type", "labels"]
  },
  {
    table: "issue_failures",
    by: "tell_row('issue', 'issue_id')",
    columns: ["failures", "backoff_until", "parked_at"],
    deleted: true
  },
  { table: "dedup", by: "tell_row('issue', 'issue_id')", columns: ["expires_at"], deleted: true },
  { table: "plans", by: "tell_row('issue', 'issue_id')", columns: ["verdict_at", "withdrawn_at"] },
  {
    table: "machines",
    by: "tell_row('session', 'machine_id', 'dispatchId')",
    columns: ["state", "dispatch_id"],
    deleted: true
  },
  { table: "mappings", by: "tell_row('mapping', 'team_key')", columns: ["updated_at"], deleted: true },
  {
    table: "readiness",
    by: "tell_row('readiness', 'team_key')",
    columns: ["ready", "checks", "problems"],
    deleted: true
  },
  { table: "settings", by: "tell_row('settings', 'name')", columns: ["value"], deleted: true },
  {
    table: "instance",
    by: "tell_row('pause', 'orchestrator_id')",
    columns: ["paused_at", "paused_by", "paused_reason"]
  },
  { table: "secrets", by: "tell_row('secret', 'name')", columns: ["confirmed", "version"], deleted: true },
  { table: "passes", by: "tell_row('pass', 'id')", columns: ["started_at", "finished_at"] },
  { table: "upstreams", by: "tell_row('upstream', 'name')", columns: ["state", "error"] },
  { table: "notifications", by: "tell_row('notification', 'id')", columns: ["state"] }
]

const row = (side: "old" | "new", columns: ReadonlyArray<string>) =>
  `(${columns.map((column) => `${side}.${column}`).join(", ")})`

const trigger = (name: string, { by, table }: Told, on: string, when = "") =>
  `create constraint trigger tell_${table}_${name} after ${on} on ${table}
    deferrable initially deferred for each row ${when} execute function ${by}`

/** Held from a transaction's first event, written as it commits, to its end: ids grow in the order of commits. */
const inOrder = 1_162_442_356

const statements = [
  `create function tell(kind text, about text, facts jsonb) returns void language plpgsql as $$
  begin
    perform pg_advisory_xact_lock(${inOrder});
    if exists (
      select from (select type, subject, xmin from events order by id desc limit 16) as latest
      where latest.xmin = pg_current_xact_id()::xid and latest.type = kind and latest.subject = about
    ) then return; end if;
    insert into events (at, type, subject, data) values (clock_timestamp(), kind, about, facts);
    perform pg_notify('ai_implement_events', '');
  end $$`,
  `create function tell_row() returns trigger language plpgsql as $$
  declare
    changed jsonb := to_jsonb(coalesce(new, old));
    facts jsonb;
  begin
    select coalesce(jsonb_object_agg(name, changed -> lower(regexp_replace(name, '([A-Z])', '_\\1', 'g'))), '{}')
      into facts from unnest(tg_argv[2:]) as name;
    perform tell(tg_argv[0], changed ->> tg_argv[1], facts);
    return null;
  end $$`,
  `create function tell_dispatch() returns trigger language plpgsql as $$
  declare
    dispatch uuid := to_jsonb(new) ->> tg_argv[1];
    facts jsonb;
  begin
    select jsonb_build_object('issueId', issue_id, 'issueIdentifier', issue_identifier, 'teamKey', team_key,
      'status', status) into facts from dispatches where id = dispatch;
    if found then perform tell(tg_argv[0], dispatch::text, facts); end if;
    return null;
  end $$`,
  ...told.flatMap((each) => [
    trigger("inserted", each, "insert"),
    ...(each.columns === undefined
      ? []
      : [
          trigger(
            "updated",
            each,
            "update",
            `when (${row("old", each.columns)} is distinct from ${row("new", each.columns)})`
          )
        ]),
    ...(each.deleted === true ? [trigger("deleted", each, "delete")] : [])
  ])
]

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.forEach(statements, (statement) => sql.unsafe(statement), { discard: true })
})
