import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** What a run's report says about its agent, and how many tokens for its repository a run received. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`alter table dispatches add column model text, add column turns int, add column session_id text,
    add column permission_denials jsonb, add column repository_tokens int not null default 0`
  yield* sql`update dispatches set turns = (report ->> 'turns')::int where report ? 'turns'`
})
