import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

const statements = [
  `alter table instance add column public_url text, add column database_identity text`,
  `alter table dispatches
    add column machine_cpus integer,
    add column machine_memory_mb integer,
    add column pr_number integer,
    add column comment_id bigint unique,
    add column plan_id uuid,
    add column plan_feedback text,
    add column previous_plan text,
    add column claimed_by text,
    add column claimed_at timestamptz,
    add column report jsonb,
    add column artifact_looked_up_at timestamptz`,
  `create table plans (
    id uuid primary key,
    issue_id text not null,
    dispatch_id uuid unique references dispatches (id) on delete set null,
    documents jsonb not null,
    finished_at timestamptz not null,
    withdrawn_at timestamptz,
    labelled boolean not null default false,
    approval_ignored boolean not null default false,
    verdict text check (verdict in ('approved', 'rejected')),
    verdict_at timestamptz,
    verdict_by text,
    verdict_via text check (verdict_via in ('label', 'api')),
    verdict_reason text,
    verdict_forgotten boolean not null default false,
    check ((verdict is null) = (verdict_at is null))
  )`,
  `create index plans_issue on plans (issue_id, id desc)`,
  `create table questions (
    id uuid primary key,
    dispatch_id uuid not null references dispatches (id) on delete cascade,
    issue_id text not null,
    text text not null,
    options jsonb not null,
    asked_at timestamptz not null,
    expires_at timestamptz not null,
    comment_id uuid not null,
    comment_begun_at timestamptz,
    commented_at timestamptz,
    answer_text text,
    answer_by text,
    answer_via text check (answer_via in ('comment', 'api')),
    answered_at timestamptz,
    closed_at timestamptz,
    closing_comment_id uuid not null,
    closing_commented_at timestamptz,
    heard_at timestamptz,
    attempts integer not null default 0,
    next_at timestamptz not null,
    check ((answer_text is null) = (answered_at is null))
  )`,
  `create index questions_dispatch on questions (dispatch_id)`,
  `create index questions_open on questions (id) where closed_at is null`,
  `create table runner_credentials (
    hash text primary key,
    dispatch_id uuid not null references dispatches (id) on delete cascade,
    purpose text not null check (purpose in ('machine', 'questions')),
    created_at timestamptz not null
  )`,
  `create index runner_credentials_dispatch on runner_credentials (dispatch_id)`,
  `create table used_tokens (
    jti text primary key,
    expires_at timestamptz not null
  )`,
  `create table dispatch_logs (
    id bigint generated always as identity primary key,
    dispatch_id uuid not null references dispatches (id) on delete cascade,
    at timestamptz not null,
    text text not null
  )`,
  `create index dispatch_logs_dispatch on dispatch_logs (dispatch_id, id desc)`,
  `create table machines (
    machine_id text primary key,
    app text not null,
    name text not null,
    state text not null,
    region text not null,
    cpus integer,
    memory_mb integer,
    created_at timestamptz,
    updated_at timestamptz,
    dispatch_id uuid,
    seen_at timestamptz not null
  )`,
  `create index dispatches_machine on dispatches ((run ->> 'machineId')) where run ->> 'kind' = 'fly'`,
  `create table reaper_actions (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    app text not null,
    machine_id text not null,
    dispatch_id uuid,
    reason text not null,
    dry_run boolean not null
  )`,
  `create index reaper_actions_at on reaper_actions (at)`,
  `create table readiness (
    team_key text primary key,
    fingerprint text not null,
    checked_at timestamptz not null,
    ready boolean not null,
    repository_id bigint,
    checks jsonb not null,
    problems jsonb not null,
    undeclared_inputs jsonb not null
  )`,
  `create table notifications (
    id uuid primary key,
    key text not null unique,
    kind text not null,
    body jsonb not null,
    state text not null check (state in ('pending', 'sent', 'given_up')),
    attempts integer not null default 0,
    next_at timestamptz not null,
    last_error text,
    created_at timestamptz not null,
    finished_at timestamptz
  )`,
  `create index notifications_pending on notifications (next_at) where state = 'pending'`,
  `create table webhook_deliveries (
    source text not null,
    id text not null,
    received_at timestamptz not null,
    primary key (source, id)
  )`,
  `create index webhook_deliveries_received on webhook_deliveries (received_at)`,
  `create table comment_triggers (
    owner text not null,
    repo text not null,
    comment_id bigint not null,
    pr_number integer not null,
    state text not null check (state in ('pending', 'done', 'refused')),
    attempts integer not null default 0,
    next_at timestamptz not null,
    detail text,
    received_at timestamptz not null,
    primary key (owner, repo, comment_id)
  )`,
  `create index comment_triggers_pending on comment_triggers (next_at) where state = 'pending'`,
  `create table secrets (
    app text not null,
    name text not null,
    team_key text,
    confirmed boolean not null default false,
    version bigint not null default 0,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (app, name)
  )`,
  `create table events (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    type text not null,
    subject text not null,
    data jsonb not null
  )`,
  `create index events_at on events (at)`
]

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.forEach(statements, (statement) => sql.unsafe(statement), { discard: true })
})
