/** How many requests a second the API answers at 32 connections, beside a bare server in the same run. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as SqlClient from "effect/sql/SqlClient"
import * as Schema from "effect/Schema"
import { execFile, fork } from "node:child_process"
import { createRequire } from "node:module"
import { promisify } from "node:util"
import { Authentication } from "../../src/admin/Authentication.ts"
import { Dispatches } from "../../src/dispatching/dispatches/Dispatches.ts"
import { Dispatch } from "../../src/domain/Dispatch.ts"
import { Mappings } from "../../src/admin/Mappings.ts"
import { accessCode, start } from "./service.ts"
import { StoredTeamKey } from "../../src/domain/Ids.ts"

const seconds = 4
const connections = 32

const autocannon = createRequire(import.meta.url).resolve("autocannon")

interface Load {
  readonly requests: { readonly average: number }
  readonly latency: { readonly p99: number }
  readonly non2xx: number
  readonly errors: number
}

/** Sends for a few seconds, from a process of its own. */
const load = Effect.fnUntraced(function* (url: string, token: string) {
  const { stdout } = yield* Effect.promise(() =>
    promisify(execFile)(process.execPath, [
      autocannon,
      "--json",
      `--connections=${connections}`,
      `--duration=${seconds}`,
      `--headers=authorization=Bearer ${token}`,
      url
    ])
  )
  const { errors, latency, non2xx, requests }: Load = JSON.parse(stdout)
  if (non2xx + errors > 0) return yield* Effect.die(new Error(`${non2xx + errors} requests of ${url} failed`))
  return { rate: requests.average, p99: latency.p99 }
})

const bare = (rows: string) =>
  Effect.acquireRelease(
    Effect.promise(
      () =>
        new Promise<{ child: ReturnType<typeof fork>; port: number }>((resolve) => {
          const child = fork(new URL("bare.ts", import.meta.url), { execArgv: [] })
          child.once("message", ({ port }: { port: number }) => resolve({ child, port }))
          child.send(rows)
        })
    ),
    ({ child }) => Effect.sync(() => child.kill())
  )

const rows = 600
const mappings = 100

const fill = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  yield* sql`insert into dispatches (id, issue_id, issue_identifier, issue_title, issue_url, linear_team_id,
      team_key, owner, repo, phase, attempt, trigger, execution_mode, runner_mode, session_mode, provider,
      workflow_file, ref, branch, extra_env, deadline_minutes, status, outcome, run, cost_usd, tokens,
      reserved_at, started_at, deadline_at, finished_at, settled_at)
    select uuidv7(), gen_random_uuid(), 'ENG-' || n, 'Let people sign in with a passkey, part ' || n,
      'https://linear.app/acme/issue/ENG-' || n, gen_random_uuid(), 'ENG', 'acme', 'app', 'implementation', 1,
      'poll', 'github-actions', 'default', 'autonomous', 'anthropic', 'claude-implement.yml', 'main',
      'ai-implement/eng-' || n, '{}', 60, 'succeeded',
      jsonb_build_object('kind', 'delivered', 'reason', 'pull_request', 'message',
        'The run succeeded and opened pull request #' || n || '.', 'facts', '{}'::jsonb),
      jsonb_build_object('kind', 'github', 'id', n, 'url', 'https://github.com/acme/app/actions/runs/' || n),
      1.25, 48000, now(), now(), now(), now(), now()
    from generate_series(1, ${rows}::int) as n`
  yield* sql`insert into pull_requests (owner, repo, number, url, state, draft, branch, issue_id,
      dispatch_id, seen_at)
    select owner, repo, n, 'https://github.com/acme/app/pull/' || n, 'open', false, branch, issue_id, id, now()
    from (select *, row_number() over () as n from dispatches) as numbered`
  yield* sql`analyze`
})

export const api = Effect.gen(function* () {
  const { services } = yield* start
  yield* fill(Context.get(services, SqlClient.SqlClient))
  for (let team = 0; team < mappings; team++) {
    yield* Context.get(services, Mappings).save(
      { teamKey: StoredTeamKey.make(`T${team}`), owner: "acme", repo: "app" },
      { name: "bench", session: null, address: null }
    )
  }
  const { address } = Context.get(services, HttpServer.HttpServer)
  const { token } = yield* Context.get(services, Authentication).signIn({
    code: accessCode,
    name: "bench",
    address: "127.0.0.1"
  })
  const at = (path: string) => `http://127.0.0.1:${"port" in address ? address.port : 0}${path}`
  const dispatches = yield* Context.get(services, Dispatches).log({ limit: 500 })
  const shown = JSON.stringify(
    yield* Schema.encodeEffect(Schema.toCodecJson(Schema.Array(Dispatch)))(dispatches)
  )
  const { port } = yield* bare(shown)
  const measured = {
    bare: yield* load(`http://127.0.0.1:${port}/`, token),
    log: yield* load(at("/api/log"), token),
    page: yield* load(at("/api/log?limit=50"), token),
    mappings: yield* load(at("/api/mappings"), token)
  }
  return {
    bare: measured.bare.rate,
    log: measured.log.rate,
    page: measured.page.rate,
    mappings: measured.mappings.rate,
    p99: Math.max(measured.log.p99, measured.page.p99, measured.mappings.p99),
    share: measured.log.rate / measured.bare.rate
  }
}).pipe(Effect.scoped)
