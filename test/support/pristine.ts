import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** Adds `pristine.restore()`, which puts every row and sequence back, and `pristine.catalogue()`. */
export const definePristine = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`create schema pristine`
  yield* sql`create function pristine.restore() returns void language plpgsql as $$
    declare
      name text;
      filled boolean;
      used record;
    begin
      set local session_replication_role = replica;
      for name in select tablename from pg_tables where schemaname = 'public' loop
        execute format('select exists (select 1 from public.%I)', name) into filled;
        if filled then execute format('delete from public.%I', name); end if;
      end loop;
      for name in select tablename from pg_tables where schemaname = 'pristine' loop
        execute format('insert into public.%I overriding system value select * from pristine.%I', name, name);
      end loop;
      for used in select schemaname, sequencename, start_value from pg_sequences
        where schemaname = 'public' and last_value is not null loop
        perform setval(format('%I.%I', used.schemaname, used.sequencename), used.start_value, false);
      end loop;
    end $$`
  yield* sql`create function pristine.catalogue() returns text language sql as $$
    select concat_ws(' ',
      (select sum(hashtext(oid::text || xmin::text)) from pg_class where oid >= 16384),
      (select sum(hashtext(attrelid::text || attnum::text || xmin::text)) from pg_attribute where attrelid >= 16384),
      (select sum(hashtext(oid::text || xmin::text)) from pg_constraint where oid >= 16384),
      (select sum(hashtext(oid::text || xmin::text)) from pg_trigger where oid >= 16384),
      (select sum(hashtext(oid::text || xmin::text)) from pg_proc where oid >= 16384)) $$`
  yield* sql`do $$
    declare
      name text;
      filled boolean;
    begin
      for name in select tablename from pg_tables where schemaname = 'public' loop
        execute format('select exists (select 1 from public.%I)', name) into filled;
        if filled then execute format('create table pristine.%I as table public.%I', name, name); end if;
      end loop;
    end $$`
})

/** Changes with every table, constraint, trigger or function that is altered. */
export const catalogue = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql`select pristine.catalogue()`
  return row?.["catalogue"]
})

/** Ends what other sessions do here and puts every row back; the client's own `connections` forget their settings. */
export const restore = Effect.fnUntraced(function* (connections: number) {
  const sql = yield* SqlClient.SqlClient
  const sessions = yield* Effect.all(
    Array.from({ length: connections }, () => sql.reserve),
    { concurrency: "unbounded" }
  )
  const each = (statement: string) =>
    Effect.forEach(sessions, (session) => session.executeUnprepared(statement, [], undefined), {
      concurrency: "unbounded"
    })
  yield* each("reset all")
  const pids = (yield* each("select pg_backend_pid() as pid, pg_advisory_unlock_all()")).flat()
  yield* each("unlisten *")
  const first = sessions[0]
  if (first === undefined) return
  const own = pids.map(({ pid }) => Number(pid)).join(", ")
  yield* first.executeUnprepared(
    `select pg_terminate_backend(pid, 2000) from pg_stat_activity
      where datname = current_database() and backend_type = 'client backend' and pid not in (${own})`,
    [],
    undefined
  )
  yield* first.executeUnprepared("select pristine.restore()", [], undefined)
}, Effect.scoped)
