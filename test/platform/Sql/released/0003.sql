CREATE FUNCTION public.tell(kind text, about text, facts jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
  begin
    perform pg_advisory_xact_lock(1162442356);
    if exists (
      select from (select type, subject, xmin from events order by id desc limit 16) as latest
      where latest.xmin = pg_current_xact_id()::xid and latest.type = kind and latest.subject = about
    ) then return; end if;
    insert into events (at, type, subject, data) values (clock_timestamp(), kind, about, facts);
    perform pg_notify('ai_implement_events', '');
  end $$;

CREATE FUNCTION public.tell_dispatch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
  declare
    dispatch uuid := to_jsonb(new) ->> tg_argv[1];
    facts jsonb;
  begin
    select jsonb_build_object('issueId', issue_id, 'issueIdentifier', issue_identifier, 'teamKey', team_key,
      'status', status) into facts from dispatches where id = dispatch;
    if found then perform tell(tg_argv[0], dispatch::text, facts); end if;
    return null;
  end $$;

CREATE FUNCTION public.tell_row() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
  declare
    changed jsonb := to_jsonb(coalesce(new, old));
    facts jsonb;
  begin
    select coalesce(jsonb_object_agg(name, changed -> lower(regexp_replace(name, '([A-Z])', '_\1', 'g'))), '{}')
      into facts from unnest(tg_argv[2:]) as name;
    perform tell(tg_argv[0], changed ->> tg_argv[1], facts);
    return null;
  end $$;

CREATE TABLE public.admin_sessions (
    id uuid NOT NULL,
    token_hash text NOT NULL,
    name text,
    address text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);

CREATE TABLE public.audit (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_name text,
    actor_session text,
    actor_address text,
    action text NOT NULL,
    subject text NOT NULL,
    before jsonb,
    after jsonb
);

ALTER TABLE public.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_attempts (
    address text NOT NULL,
    failures integer NOT NULL,
    locked_until timestamp with time zone,
    updated_at timestamp with time zone NOT NULL
);

CREATE TABLE public.auth_failures (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE public.auth_failures ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.auth_failures_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cluster_locks (
    shard_id character varying(50) NOT NULL,
    address character varying(255) NOT NULL,
    acquired_at timestamp without time zone NOT NULL
);

CREATE TABLE public.cluster_messages (
    id bigint NOT NULL,
    rowid bigint NOT NULL,
    message_id character varying(255),
    shard_id character varying(50) NOT NULL,
    entity_type character varying(150) NOT NULL,
    entity_id character varying(255) NOT NULL,
    kind integer NOT NULL,
    tag character varying(50),
    payload text,
    headers text,
    trace_id character varying(32),
    span_id character varying(16),
    sampled boolean,
    processed boolean DEFAULT false NOT NULL,
    request_id bigint NOT NULL,
    reply_id bigint,
    last_reply_id bigint,
    last_read timestamp without time zone,
    deliver_at bigint
);

CREATE SEQUENCE public.cluster_messages_rowid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.cluster_messages_rowid_seq OWNED BY public.cluster_messages.rowid;

CREATE TABLE public.cluster_migrations (
    migration_id integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    name text NOT NULL
);

CREATE TABLE public.cluster_replies (
    id bigint NOT NULL,
    rowid bigint NOT NULL,
    kind integer,
    request_id bigint NOT NULL,
    payload text NOT NULL,
    sequence integer,
    acked boolean DEFAULT false NOT NULL
);

CREATE SEQUENCE public.cluster_replies_rowid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.cluster_replies_rowid_seq OWNED BY public.cluster_replies.rowid;

CREATE TABLE public.cluster_runner_migrations (
    migration_id integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    name text NOT NULL
);

CREATE TABLE public.cluster_runners (
    machine_id integer NOT NULL,
    address character varying(255) NOT NULL,
    runner text NOT NULL,
    healthy boolean DEFAULT true NOT NULL,
    last_heartbeat timestamp without time zone DEFAULT now() NOT NULL
);

CREATE SEQUENCE public.cluster_runners_machine_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.cluster_runners_machine_id_seq OWNED BY public.cluster_runners.machine_id;

CREATE TABLE public.comment_triggers (
    owner text NOT NULL,
    repo text NOT NULL,
    comment_id bigint NOT NULL,
    pr_number integer NOT NULL,
    state text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone NOT NULL,
    detail text,
    received_at timestamp with time zone NOT NULL,
    CONSTRAINT comment_triggers_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'done'::text, 'refused'::text])))
);

CREATE TABLE public.decisions (
    issue_id text NOT NULL,
    decision text NOT NULL,
    phase text,
    reason jsonb,
    since timestamp with time zone NOT NULL,
    pass_id uuid NOT NULL,
    missing integer DEFAULT 0 NOT NULL,
    CONSTRAINT decisions_decision_check CHECK ((decision = ANY (ARRAY['dispatch'::text, 'wait'::text])))
);

CREATE TABLE public.dedup (
    issue_id text NOT NULL,
    issue_identifier text NOT NULL,
    issue_title text NOT NULL,
    dispatch_id uuid NOT NULL,
    dispatched_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.dispatch_events (
    id bigint NOT NULL,
    dispatch_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    type text NOT NULL,
    actor text,
    message text NOT NULL,
    facts jsonb NOT NULL
);

ALTER TABLE public.dispatch_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.dispatch_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.dispatch_logs (
    id bigint NOT NULL,
    dispatch_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    text text NOT NULL
);

ALTER TABLE public.dispatch_logs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.dispatch_logs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.dispatches (
    id uuid NOT NULL,
    issue_id text NOT NULL,
    issue_identifier text NOT NULL,
    issue_title text NOT NULL,
    issue_description text,
    issue_url text NOT NULL,
    linear_team_id text NOT NULL,
    team_key text NOT NULL,
    owner text NOT NULL,
    repo text NOT NULL,
    phase text NOT NULL,
    attempt integer NOT NULL,
    trigger text NOT NULL,
    requested_by text,
    execution_mode text NOT NULL,
    runner_mode text NOT NULL,
    session_mode text NOT NULL,
    provider text NOT NULL,
    aws_region text,
    workflow_file text,
    ref text NOT NULL,
    branch text NOT NULL,
    extra_env jsonb NOT NULL,
    fly_app text,
    fly_region text,
    deadline_minutes integer NOT NULL,
    status text NOT NULL,
    waiting_for text,
    stop_requested_at timestamp with time zone,
    stop_requested_by text,
    stop_reason text,
    outcome jsonb,
    run jsonb,
    run_id bigint GENERATED ALWAYS AS (((run ->> 'id'::text))::bigint) STORED,
    run_ended_at timestamp with time zone,
    run_missing integer DEFAULT 0 NOT NULL,
    pull_request_looks integer DEFAULT 0 NOT NULL,
    pull_request_looked_at timestamp with time zone,
    cost_usd double precision,
    tokens integer,
    launch_attempt integer DEFAULT 0 NOT NULL,
    launch_resends integer DEFAULT 0 NOT NULL,
    launch_lease_until timestamp with time zone,
    launch_uncertain_at timestamp with time zone,
    launch_lookups integer DEFAULT 0 NOT NULL,
    launch_looked_up_at timestamp with time zone,
    launch_undeclared_inputs jsonb DEFAULT '[]'::jsonb NOT NULL,
    announced_at timestamp with time zone,
    workflow_generation integer DEFAULT 1 NOT NULL,
    workflow_checked_at timestamp with time zone,
    workflow_cleared_at timestamp with time zone,
    reserved_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    deadline_at timestamp with time zone,
    finished_at timestamp with time zone,
    settled_at timestamp with time zone,
    machine_cpus integer,
    machine_memory_mb integer,
    pr_number integer,
    comment_id bigint,
    plan_id uuid,
    plan_feedback text,
    previous_plan text,
    claimed_by text,
    claimed_at timestamp with time zone,
    report jsonb,
    artifact_looked_up_at timestamp with time zone,
    CONSTRAINT dispatches_check CHECK (((outcome IS NULL) = (finished_at IS NULL))),
    CONSTRAINT dispatches_check1 CHECK (((settled_at IS NULL) OR (outcome IS NOT NULL)))
);

CREATE TABLE public.events (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    type text NOT NULL,
    subject text NOT NULL,
    data jsonb NOT NULL
);

ALTER TABLE public.events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.instance (
    singleton boolean DEFAULT true NOT NULL,
    orchestrator_id text NOT NULL,
    access_code_digest text,
    paused_at timestamp with time zone,
    paused_by text,
    paused_reason text,
    poller_epoch integer DEFAULT 0 NOT NULL,
    poller_holder text,
    poller_next_at timestamp with time zone,
    public_url text,
    database_identity text,
    CONSTRAINT instance_singleton_check CHECK (singleton)
);

CREATE TABLE public.issue_failures (
    issue_id text NOT NULL,
    phase text NOT NULL,
    failures integer NOT NULL,
    backoff_until timestamp with time zone,
    parked_at timestamp with time zone,
    last text,
    updated_at timestamp with time zone NOT NULL
);

CREATE TABLE public.issues (
    issue_id text NOT NULL,
    identifier text NOT NULL,
    title text NOT NULL,
    description text,
    url text NOT NULL,
    team_id text NOT NULL,
    team_key text NOT NULL,
    priority integer NOT NULL,
    state_id text NOT NULL,
    state_name text NOT NULL,
    state_type text NOT NULL,
    labels text[] NOT NULL,
    blocked_by jsonb NOT NULL,
    more_blockers boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    missing integer DEFAULT 0 NOT NULL,
    candidate boolean NOT NULL
);

CREATE TABLE public.machines (
    machine_id text NOT NULL,
    app text NOT NULL,
    name text NOT NULL,
    state text NOT NULL,
    region text NOT NULL,
    cpus integer,
    memory_mb integer,
    created_at timestamp with time zone,
    updated_at timestamp with time zone,
    dispatch_id uuid,
    seen_at timestamp with time zone NOT NULL
);

CREATE TABLE public.mappings (
    team_key text NOT NULL,
    owner text NOT NULL,
    repo text NOT NULL,
    workflow_file text NOT NULL,
    default_branch text NOT NULL,
    max_in_progress_ai_issues integer NOT NULL,
    execution_mode text NOT NULL,
    session_mode text NOT NULL,
    machine_cpus integer NOT NULL,
    machine_memory_mb integer NOT NULL,
    planning_enabled boolean NOT NULL,
    planning_workflow_file text NOT NULL,
    auto_approve_plans boolean NOT NULL,
    provider text NOT NULL,
    aws_region text,
    extra_env jsonb NOT NULL,
    deadline_minutes integer NOT NULL,
    paused boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT mappings_max_in_progress_ai_issues_check CHECK (((max_in_progress_ai_issues >= 1) AND (max_in_progress_ai_issues <= 100)))
);

CREATE TABLE public.migrations (
    migration_id integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    name text NOT NULL
);

CREATE TABLE public.notifications (
    id uuid NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    body jsonb NOT NULL,
    state text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone NOT NULL,
    last_error text,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT notifications_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'sent'::text, 'given_up'::text])))
);

CREATE TABLE public.passes (
    id uuid NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    requested_by text,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    ok boolean,
    candidates integer DEFAULT 0 NOT NULL,
    dispatched integer DEFAULT 0 NOT NULL,
    error text,
    epoch integer
);

CREATE TABLE public.plans (
    id uuid NOT NULL,
    issue_id text NOT NULL,
    dispatch_id uuid,
    documents jsonb NOT NULL,
    finished_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    labelled boolean DEFAULT false NOT NULL,
    approval_ignored boolean DEFAULT false NOT NULL,
    verdict text,
    verdict_at timestamp with time zone,
    verdict_by text,
    verdict_via text,
    verdict_reason text,
    verdict_forgotten boolean DEFAULT false NOT NULL,
    CONSTRAINT plans_check CHECK (((verdict IS NULL) = (verdict_at IS NULL))),
    CONSTRAINT plans_verdict_check CHECK ((verdict = ANY (ARRAY['approved'::text, 'rejected'::text]))),
    CONSTRAINT plans_verdict_via_check CHECK ((verdict_via = ANY (ARRAY['label'::text, 'api'::text])))
);

CREATE TABLE public.pull_requests (
    owner text NOT NULL,
    repo text NOT NULL,
    number integer NOT NULL,
    url text NOT NULL,
    state text NOT NULL,
    draft boolean NOT NULL,
    branch text NOT NULL,
    issue_id text NOT NULL,
    dispatch_id uuid NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT pull_requests_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text, 'merged'::text])))
);

CREATE TABLE public.questions (
    id uuid NOT NULL,
    dispatch_id uuid NOT NULL,
    issue_id text NOT NULL,
    text text NOT NULL,
    options jsonb NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    comment_id uuid NOT NULL,
    comment_begun_at timestamp with time zone,
    commented_at timestamp with time zone,
    answer_text text,
    answer_by text,
    answer_via text,
    answered_at timestamp with time zone,
    closed_at timestamp with time zone,
    closing_comment_id uuid NOT NULL,
    closing_commented_at timestamp with time zone,
    heard_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone NOT NULL,
    CONSTRAINT questions_answer_via_check CHECK ((answer_via = ANY (ARRAY['comment'::text, 'api'::text]))),
    CONSTRAINT questions_check CHECK (((answer_text IS NULL) = (answered_at IS NULL)))
);

CREATE TABLE public.readiness (
    team_key text NOT NULL,
    fingerprint text NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    ready boolean NOT NULL,
    repository_id bigint,
    checks jsonb NOT NULL,
    problems jsonb NOT NULL,
    undeclared_inputs jsonb NOT NULL
);

CREATE TABLE public.reaper_actions (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    app text NOT NULL,
    machine_id text NOT NULL,
    dispatch_id uuid,
    reason text NOT NULL,
    dry_run boolean NOT NULL
);

ALTER TABLE public.reaper_actions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reaper_actions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.runner_credentials (
    hash text NOT NULL,
    dispatch_id uuid NOT NULL,
    purpose text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT runner_credentials_purpose_check CHECK ((purpose = ANY (ARRAY['machine'::text, 'questions'::text])))
);

CREATE TABLE public.secrets (
    app text NOT NULL,
    name text NOT NULL,
    team_key text,
    confirmed boolean DEFAULT false NOT NULL,
    version bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

CREATE TABLE public.settings (
    name text NOT NULL,
    value text NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

CREATE TABLE public.settlement_effects (
    dispatch_id uuid NOT NULL,
    effect text NOT NULL,
    state text NOT NULL,
    key uuid NOT NULL,
    body jsonb NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone NOT NULL,
    last_error text,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT settlement_effects_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'done'::text, 'given_up'::text])))
);

CREATE TABLE public.upstream_budgets (
    upstream text NOT NULL,
    kind text NOT NULL,
    "limit" double precision NOT NULL,
    remaining double precision NOT NULL,
    reset_at timestamp with time zone NOT NULL
);

CREATE TABLE public.upstreams (
    name text NOT NULL,
    state text NOT NULL,
    since timestamp with time zone NOT NULL,
    error text
);

CREATE TABLE public.used_tokens (
    jti text NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.webhook_deliveries (
    source text NOT NULL,
    id text NOT NULL,
    received_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.cluster_messages ALTER COLUMN rowid SET DEFAULT nextval('public.cluster_messages_rowid_seq'::regclass);

ALTER TABLE ONLY public.cluster_replies ALTER COLUMN rowid SET DEFAULT nextval('public.cluster_replies_rowid_seq'::regclass);

ALTER TABLE ONLY public.cluster_runners ALTER COLUMN machine_id SET DEFAULT nextval('public.cluster_runners_machine_id_seq'::regclass);

ALTER TABLE ONLY public.admin_sessions
    ADD CONSTRAINT admin_sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.admin_sessions
    ADD CONSTRAINT admin_sessions_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_attempts
    ADD CONSTRAINT auth_attempts_pkey PRIMARY KEY (address);

ALTER TABLE ONLY public.auth_failures
    ADD CONSTRAINT auth_failures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cluster_locks
    ADD CONSTRAINT cluster_locks_pkey PRIMARY KEY (shard_id);

ALTER TABLE ONLY public.cluster_messages
    ADD CONSTRAINT cluster_messages_message_id_key UNIQUE (message_id);

ALTER TABLE ONLY public.cluster_messages
    ADD CONSTRAINT cluster_messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cluster_migrations
    ADD CONSTRAINT cluster_migrations_pkey PRIMARY KEY (migration_id);

ALTER TABLE ONLY public.cluster_replies
    ADD CONSTRAINT cluster_replies_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cluster_replies
    ADD CONSTRAINT cluster_replies_request_id_kind_key UNIQUE (request_id, kind);

ALTER TABLE ONLY public.cluster_replies
    ADD CONSTRAINT cluster_replies_request_id_sequence_key UNIQUE (request_id, sequence);

ALTER TABLE ONLY public.cluster_runner_migrations
    ADD CONSTRAINT cluster_runner_migrations_pkey PRIMARY KEY (migration_id);

ALTER TABLE ONLY public.cluster_runners
    ADD CONSTRAINT cluster_runners_address_key UNIQUE (address);

ALTER TABLE ONLY public.cluster_runners
    ADD CONSTRAINT cluster_runners_pkey PRIMARY KEY (machine_id);

ALTER TABLE ONLY public.comment_triggers
    ADD CONSTRAINT comment_triggers_pkey PRIMARY KEY (owner, repo, comment_id);

ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_pkey PRIMARY KEY (issue_id);

ALTER TABLE ONLY public.dedup
    ADD CONSTRAINT dedup_pkey PRIMARY KEY (issue_id);

ALTER TABLE ONLY public.dispatch_events
    ADD CONSTRAINT dispatch_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dispatch_logs
    ADD CONSTRAINT dispatch_logs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dispatches
    ADD CONSTRAINT dispatches_comment_id_key UNIQUE (comment_id);

ALTER TABLE ONLY public.dispatches
    ADD CONSTRAINT dispatches_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.instance
    ADD CONSTRAINT instance_pkey PRIMARY KEY (singleton);

ALTER TABLE ONLY public.issue_failures
    ADD CONSTRAINT issue_failures_pkey PRIMARY KEY (issue_id, phase);

ALTER TABLE ONLY public.issues
    ADD CONSTRAINT issues_pkey PRIMARY KEY (issue_id);

ALTER TABLE ONLY public.machines
    ADD CONSTRAINT machines_pkey PRIMARY KEY (machine_id);

ALTER TABLE ONLY public.mappings
    ADD CONSTRAINT mappings_pkey PRIMARY KEY (team_key);

ALTER TABLE ONLY public.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (migration_id);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_key_key UNIQUE (key);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.passes
    ADD CONSTRAINT passes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_dispatch_id_key UNIQUE (dispatch_id);

ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pull_requests
    ADD CONSTRAINT pull_requests_pkey PRIMARY KEY (owner, repo, number);

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.readiness
    ADD CONSTRAINT readiness_pkey PRIMARY KEY (team_key);

ALTER TABLE ONLY public.reaper_actions
    ADD CONSTRAINT reaper_actions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.runner_credentials
    ADD CONSTRAINT runner_credentials_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY public.secrets
    ADD CONSTRAINT secrets_pkey PRIMARY KEY (app, name);

ALTER TABLE ONLY public.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.settlement_effects
    ADD CONSTRAINT settlement_effects_pkey PRIMARY KEY (dispatch_id, effect);

ALTER TABLE ONLY public.upstream_budgets
    ADD CONSTRAINT upstream_budgets_pkey PRIMARY KEY (upstream, kind);

ALTER TABLE ONLY public.upstreams
    ADD CONSTRAINT upstreams_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.used_tokens
    ADD CONSTRAINT used_tokens_pkey PRIMARY KEY (jti);

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (source, id);

CREATE INDEX admin_sessions_address ON public.admin_sessions USING btree (address, created_at);

CREATE INDEX auth_failures_at ON public.auth_failures USING btree (at);

CREATE INDEX cluster_messages_request_id_idx ON public.cluster_messages USING btree (request_id);

CREATE INDEX cluster_messages_rowid_idx ON public.cluster_messages USING btree (rowid);

CREATE INDEX cluster_messages_shard_idx ON public.cluster_messages USING btree (shard_id, processed, last_read, deliver_at);

CREATE INDEX cluster_replies_request_lookup_idx ON public.cluster_replies USING btree (request_id, kind, acked);

CREATE INDEX comment_triggers_pending ON public.comment_triggers USING btree (next_at) WHERE (state = 'pending'::text);

CREATE INDEX dispatch_events_dispatch ON public.dispatch_events USING btree (dispatch_id, id);

CREATE INDEX dispatch_logs_dispatch ON public.dispatch_logs USING btree (dispatch_id, id DESC);

CREATE INDEX dispatches_finished_at ON public.dispatches USING btree (finished_at) WHERE (finished_at IS NOT NULL);

CREATE INDEX dispatches_issue ON public.dispatches USING btree (issue_id, id DESC);

CREATE INDEX dispatches_live ON public.dispatches USING btree (team_key) WHERE (outcome IS NULL);

CREATE INDEX dispatches_machine ON public.dispatches USING btree (((run ->> 'machineId'::text))) WHERE ((run ->> 'kind'::text) = 'fly'::text);

CREATE UNIQUE INDEX dispatches_one_unsettled_per_issue ON public.dispatches USING btree (issue_id) WHERE (settled_at IS NULL);

CREATE INDEX dispatches_reserved_at ON public.dispatches USING btree (team_key, reserved_at);

CREATE INDEX dispatches_team ON public.dispatches USING btree (team_key, id DESC);

CREATE INDEX dispatches_unsettled ON public.dispatches USING btree (id) WHERE (settled_at IS NULL);

CREATE INDEX events_at ON public.events USING btree (at);

CREATE INDEX issues_identifier ON public.issues USING btree (upper(identifier));

CREATE INDEX issues_team ON public.issues USING btree (team_key);

CREATE INDEX notifications_pending ON public.notifications USING btree (next_at) WHERE (state = 'pending'::text);

CREATE UNIQUE INDEX passes_one_requested ON public.passes USING btree ((true)) WHERE (started_at IS NULL);

CREATE INDEX passes_started ON public.passes USING btree (started_at DESC);

CREATE INDEX plans_issue ON public.plans USING btree (issue_id, id DESC);

CREATE INDEX pull_requests_dispatch ON public.pull_requests USING btree (dispatch_id);

CREATE INDEX pull_requests_issue ON public.pull_requests USING btree (issue_id);

CREATE INDEX pull_requests_open ON public.pull_requests USING btree (owner, repo) WHERE (state = 'open'::text);

CREATE INDEX questions_dispatch ON public.questions USING btree (dispatch_id);

CREATE INDEX questions_open ON public.questions USING btree (id) WHERE (closed_at IS NULL);

CREATE INDEX reaper_actions_at ON public.reaper_actions USING btree (at);

CREATE INDEX runner_credentials_dispatch ON public.runner_credentials USING btree (dispatch_id);

CREATE INDEX webhook_deliveries_received ON public.webhook_deliveries USING btree (received_at);

CREATE CONSTRAINT TRIGGER tell_decisions_deleted AFTER DELETE ON public.decisions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('issue', 'issue_id');

CREATE CONSTRAINT TRIGGER tell_decisions_inserted AFTER INSERT ON public.decisions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('issue', 'issue_id');

CREATE CONSTRAINT TRIGGER tell_decisions_updated AFTER UPDATE ON public.decisions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((((old.decision IS DISTINCT FROM new.decision) OR (old.phase IS DISTINCT FROM new.phase)) OR (old.reason IS DISTINCT FROM new.reason))) EXECUTE FUNCTION public.tell_row('issue', 'issue_id');

CREATE CONSTRAINT TRIGGER tell_dedup_deleted AFTER DELETE ON public.dedup DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('issue', 'issue_id');

CREATE CONSTRAINT TRIGGER tell_dedup_inserted AFTER INSERT ON public.dedup DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('issue', 'issue_id');

CREATE CONSTRAINT TRIGGER tell_dedup_updated AFTER UPDATE ON public.dedup DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.expires_at IS DISTINCT FROM new.expires_at)) EXECUTE FUNCTION public.tell_row('issue', 'issue_id');

CREATE CONSTRAINT TRIGGER tell_dispatch_events_inserted AFTER INSERT ON public.dispatch_events DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_dispatch('dispatch', 'dispatch_id');

CREATE CONSTRAINT TRIGGER tell_dispatch_logs_inserted AFTER INSERT ON public.dispatch_logs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_dispatch('log', 'dispatch_id');

CREATE CONSTRAINT TRIGGER tell_dispatches_inserted AFTER INSERT ON public.dispatches DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_dispatch('dispatch', 'id');

CREATE CONSTRAINT TRIGGER tell_dispatches_updated AFTER UPDATE ON public.dispatches DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((((((((((old.status IS DISTINCT FROM new.status) OR (old.waiting_for IS DISTINCT FROM new.waiting_for)) OR (old.stop_requested_at IS DISTINCT FROM new.stop_requested_at)) OR (old.outcome IS DISTINCT FROM new.outcome)) OR (old.run IS DISTINCT FROM new.run)) OR (old.cost_usd IS DISTINCT FROM new.cost_usd)) OR (old.tokens IS DISTINCT FROM new.tokens)) OR (old.deadline_at IS DISTINCT FROM new.deadline_at)) OR (old.settled_at IS DISTINCT FROM new.settled_at))) EXECUTE FUNCTION public.tell_dispatch('dispatch', 'id');

CREATE CONSTRAINT TRIGGER tell_instance_inserted AFTER INSERT ON public.instance DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('pause', 'orchestrator_id');

CREATE CONSTRAINT TRIGGER tell_instance_updated AFTER UPDATE ON public.instance DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((((old.paused_at IS DISTINCT FROM new.paused_at) OR (old.paused_by IS DISTINCT FROM new.paused_by)) OR (old.paused_reason IS DISTINCT FROM new.paused_reason))) EXECUTE FUNCTION public.tell_row('pause', 'orchestrator_id');

CREATE CONSTRAINT TRIGGER tell_issue_failures_deleted AFTER DELETE ON public.issue_failures DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('issue', 'issue_id');

CREATE CONSTRAINT TRIGGER tell_issue_failures_inserted AFTER INSERT ON public.issue_failures DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('issue', 'issue_id');

CREATE CONSTRAINT TRIGGER tell_issue_failures_updated AFTER UPDATE ON public.issue_failures DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((((old.failures IS DISTINCT FROM new.failures) OR (old.backoff_until IS DISTINCT FROM new.backoff_until)) OR (old.parked_at IS DISTINCT FROM new.parked_at))) EXECUTE FUNCTION public.tell_row('issue', 'issue_id');

CREATE CONSTRAINT TRIGGER tell_issues_inserted AFTER INSERT ON public.issues DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('issue', 'issue_id');

CREATE CONSTRAINT TRIGGER tell_issues_updated AFTER UPDATE ON public.issues DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((((((((old.identifier IS DISTINCT FROM new.identifier) OR (old.title IS DISTINCT FROM new.title)) OR (old.team_key IS DISTINCT FROM new.team_key)) OR (old.priority IS DISTINCT FROM new.priority)) OR (old.state_name IS DISTINCT FROM new.state_name)) OR (old.state_type IS DISTINCT FROM new.state_type)) OR (old.labels IS DISTINCT FROM new.labels))) EXECUTE FUNCTION public.tell_row('issue', 'issue_id');

CREATE CONSTRAINT TRIGGER tell_machines_deleted AFTER DELETE ON public.machines DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('session', 'machine_id', 'dispatchId');

CREATE CONSTRAINT TRIGGER tell_machines_inserted AFTER INSERT ON public.machines DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('session', 'machine_id', 'dispatchId');

CREATE CONSTRAINT TRIGGER tell_machines_updated AFTER UPDATE ON public.machines DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.state IS DISTINCT FROM new.state) OR (old.dispatch_id IS DISTINCT FROM new.dispatch_id))) EXECUTE FUNCTION public.tell_row('session', 'machine_id', 'dispatchId');

CREATE CONSTRAINT TRIGGER tell_mappings_deleted AFTER DELETE ON public.mappings DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('mapping', 'team_key');

CREATE CONSTRAINT TRIGGER tell_mappings_inserted AFTER INSERT ON public.mappings DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('mapping', 'team_key');

CREATE CONSTRAINT TRIGGER tell_mappings_updated AFTER UPDATE ON public.mappings DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.updated_at IS DISTINCT FROM new.updated_at)) EXECUTE FUNCTION public.tell_row('mapping', 'team_key');

CREATE CONSTRAINT TRIGGER tell_notifications_inserted AFTER INSERT ON public.notifications DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('notification', 'id');

CREATE CONSTRAINT TRIGGER tell_notifications_updated AFTER UPDATE ON public.notifications DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION public.tell_row('notification', 'id');

CREATE CONSTRAINT TRIGGER tell_passes_inserted AFTER INSERT ON public.passes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('pass', 'id');

CREATE CONSTRAINT TRIGGER tell_passes_updated AFTER UPDATE ON public.passes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.started_at IS DISTINCT FROM new.started_at) OR (old.finished_at IS DISTINCT FROM new.finished_at))) EXECUTE FUNCTION public.tell_row('pass', 'id');

CREATE CONSTRAINT TRIGGER tell_plans_inserted AFTER INSERT ON public.plans DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('issue', 'issue_id');

CREATE CONSTRAINT TRIGGER tell_plans_updated AFTER UPDATE ON public.plans DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.verdict_at IS DISTINCT FROM new.verdict_at) OR (old.withdrawn_at IS DISTINCT FROM new.withdrawn_at))) EXECUTE FUNCTION public.tell_row('issue', 'issue_id');

CREATE CONSTRAINT TRIGGER tell_pull_requests_inserted AFTER INSERT ON public.pull_requests DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_dispatch('dispatch', 'dispatch_id');

CREATE CONSTRAINT TRIGGER tell_pull_requests_updated AFTER UPDATE ON public.pull_requests DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((((old.dispatch_id IS DISTINCT FROM new.dispatch_id) OR (old.state IS DISTINCT FROM new.state)) OR (old.draft IS DISTINCT FROM new.draft))) EXECUTE FUNCTION public.tell_dispatch('dispatch', 'dispatch_id');

CREATE CONSTRAINT TRIGGER tell_questions_inserted AFTER INSERT ON public.questions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('question', 'id', 'dispatchId', 'issueId');

CREATE CONSTRAINT TRIGGER tell_questions_updated AFTER UPDATE ON public.questions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.answered_at IS DISTINCT FROM new.answered_at) OR (old.closed_at IS DISTINCT FROM new.closed_at))) EXECUTE FUNCTION public.tell_row('question', 'id', 'dispatchId', 'issueId');

CREATE CONSTRAINT TRIGGER tell_readiness_deleted AFTER DELETE ON public.readiness DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('readiness', 'team_key');

CREATE CONSTRAINT TRIGGER tell_readiness_inserted AFTER INSERT ON public.readiness DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('readiness', 'team_key');

CREATE CONSTRAINT TRIGGER tell_readiness_updated AFTER UPDATE ON public.readiness DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((((old.ready IS DISTINCT FROM new.ready) OR (old.checks IS DISTINCT FROM new.checks)) OR (old.problems IS DISTINCT FROM new.problems))) EXECUTE FUNCTION public.tell_row('readiness', 'team_key');

CREATE CONSTRAINT TRIGGER tell_secrets_deleted AFTER DELETE ON public.secrets DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('secret', 'name');

CREATE CONSTRAINT TRIGGER tell_secrets_inserted AFTER INSERT ON public.secrets DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('secret', 'name');

CREATE CONSTRAINT TRIGGER tell_secrets_updated AFTER UPDATE ON public.secrets DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.confirmed IS DISTINCT FROM new.confirmed) OR (old.version IS DISTINCT FROM new.version))) EXECUTE FUNCTION public.tell_row('secret', 'name');

CREATE CONSTRAINT TRIGGER tell_settings_deleted AFTER DELETE ON public.settings DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('settings', 'name');

CREATE CONSTRAINT TRIGGER tell_settings_inserted AFTER INSERT ON public.settings DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('settings', 'name');

CREATE CONSTRAINT TRIGGER tell_settings_updated AFTER UPDATE ON public.settings DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.value IS DISTINCT FROM new.value)) EXECUTE FUNCTION public.tell_row('settings', 'name');

CREATE CONSTRAINT TRIGGER tell_settlement_effects_inserted AFTER INSERT ON public.settlement_effects DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_dispatch('dispatch', 'dispatch_id');

CREATE CONSTRAINT TRIGGER tell_settlement_effects_updated AFTER UPDATE ON public.settlement_effects DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((((old.state IS DISTINCT FROM new.state) OR (old.attempts IS DISTINCT FROM new.attempts)) OR (old.last_error IS DISTINCT FROM new.last_error))) EXECUTE FUNCTION public.tell_dispatch('dispatch', 'dispatch_id');

CREATE CONSTRAINT TRIGGER tell_upstreams_inserted AFTER INSERT ON public.upstreams DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tell_row('upstream', 'name');

CREATE CONSTRAINT TRIGGER tell_upstreams_updated AFTER UPDATE ON public.upstreams DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.state IS DISTINCT FROM new.state) OR (old.error IS DISTINCT FROM new.error))) EXECUTE FUNCTION public.tell_row('upstream', 'name');

ALTER TABLE ONLY public.dispatch_events
    ADD CONSTRAINT dispatch_events_dispatch_id_fkey FOREIGN KEY (dispatch_id) REFERENCES public.dispatches(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.dispatch_logs
    ADD CONSTRAINT dispatch_logs_dispatch_id_fkey FOREIGN KEY (dispatch_id) REFERENCES public.dispatches(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_dispatch_id_fkey FOREIGN KEY (dispatch_id) REFERENCES public.dispatches(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.pull_requests
    ADD CONSTRAINT pull_requests_dispatch_id_fkey FOREIGN KEY (dispatch_id) REFERENCES public.dispatches(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_dispatch_id_fkey FOREIGN KEY (dispatch_id) REFERENCES public.dispatches(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.runner_credentials
    ADD CONSTRAINT runner_credentials_dispatch_id_fkey FOREIGN KEY (dispatch_id) REFERENCES public.dispatches(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.settlement_effects
    ADD CONSTRAINT settlement_effects_dispatch_id_fkey FOREIGN KEY (dispatch_id) REFERENCES public.dispatches(id) ON DELETE CASCADE;


