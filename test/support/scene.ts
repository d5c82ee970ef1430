import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type * as Statement from "effect/sql/Statement"
import { pathToFileURL } from "node:url"
import { inject } from "vitest"
import { mappingDefaults } from "../../src/domain/Mapping.ts"
import { metadataNames } from "../../src/dispatching/sessions/MachineRuns.ts"
import { freePort } from "../../src/sandbox/freePort.ts"
import type { Orders } from "./orders.ts"
import { launch } from "./process.ts"
import { makeWorld } from "./world.ts"
import { asks, type Flow } from "./flow.ts"

class NotYet extends Data.TaggedError("NotYet") {}
class TooLate extends Data.TaggedError("TooLate")<{ readonly message: string }> {}

export const inTime = (what: string, within: Duration.Input) =>
  Effect.timeoutOrElse({
    duration: within,
    orElse: () => Effect.fail(new TooLate({ message: `Timed out waiting for ${what}` }))
  })

/** Looks until there is something to see. */
export const eventually = <A, E, R>(
  what: string,
  look: Effect.Effect<A | null, E, R>,
  within: Duration.Input = "30 seconds"
) =>
  look.pipe(
    Effect.filterOrFail(Predicate.isNotNull, () => new NotYet()),
    Effect.retry({ schedule: Schedule.spaced("100 millis"), while: (error) => error instanceof NotYet }),
    inTime(what, within)
  )

const script = pathToFileURL(inject("serviceProgram"))
/** A service of seconds ends before optimized code pays. */
const execArgv = ["--no-opt", "--no-maglev", "--liftoff-only"]

/** The service in its process, begun with its first orders. */
export const start = Effect.fnUntraced(function* (
  env: Record<string, string>,
  {
    leaseMargin = 300,
    launchTimeout = 700,
    ...orders
  }: Partial<Orders> & {
    readonly leaseMargin?: number | undefined
    readonly launchTimeout?: number | undefined
  } = {}
) {
  const { ended, ...child } = yield* launch(script, {
    execArgv,
    args: [String(leaseMargin), String(launchTimeout)],
    env: { ...env, LOG_FORMAT: "json", LOG_LEVEL: "warn" }
  })
  const order = (given: Partial<Orders>) =>
    child.send({ dieAt: null, freezeAt: null, haltAt: [], report: false, ...given })
  yield* order(orders)
  return { ...child, order, ended: ended.pipe(inTime("the end of the service", "20 seconds")) }
})
export type Service = Effect.Success<ReturnType<typeof start>>

const mapTeam = Effect.fnUntraced(function* (teamKey: string, flow: Flow) {
  const sql = yield* SqlClient.SqlClient
  const now = DateTime.toDateUtc(yield* DateTime.now)
  yield* sql`insert into mappings ${sql.insert({
    ...mappingDefaults,
    teamKey,
    owner: "acme",
    repo: "app",
    maxInProgressAiIssues: 20,
    executionMode: flow === "machine" ? "fly-machines" : "github-actions",
    planningEnabled: flow === "planning",
    sessionMode: asks(flow) ? "interactive" : "autonomous",
    autoApprovePlans: false,
    extraEnv: "{}",
    createdAt: now,
    updatedAt: now
  })}`
})

const Row = Schema.Struct({
  id: Schema.String,
  status: Schema.String,
  branch: Schema.String,
  outcome: Schema.NullOr(Schema.Struct({ reason: Schema.String, message: Schema.String })),
  announcedAt: Schema.NullOr(Schema.Date),
  settledAt: Schema.NullOr(Schema.Date),
  events: Schema.Array(Schema.String),
  effects: Schema.Array(Schema.String),
  inDedup: Schema.Boolean,
  plans: Schema.Int,
  answers: Schema.Array(Schema.String),
  uncommented: Schema.Boolean
})
const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Row))

export const clusterPort = Effect.map(freePort, (port) => ({ CLUSTER_PORT: String(port) }))

/** An address of the service that stays when another takes its place. */
export const publicAddress = Effect.map(freePort, (port) => ({
  PORT: String(port),
  PUBLIC_URL: `http://127.0.0.1:${port}`
}))

/** Local upstreams, a migrated database with team ENG mapped, and what people, agents and operators see of them. */
export const makeScene = Effect.fnUntraced(function* (
  env: Record<string, string>,
  flow: Flow = "implementation"
) {
  const sql = yield* SqlClient.SqlClient
  const world = yield* makeWorld(flow === "machine" ? { fly: {} } : {})
  const { fly, linear, github } = world

  const rows = (identifier: string) =>
    sql`select id, status, branch, outcome, announced_at, settled_at,
        (select array_agg(e.type order by e.id) from dispatch_events e where e.dispatch_id = d.id) as events,
        (select coalesce(array_agg(s.effect || ' ' || s.state order by s.effect), '{}') from settlement_effects s
          where s.dispatch_id = d.id) as effects,
        exists (select 1 from dedup where dedup.dispatch_id = d.id) as in_dedup,
        (select count(*)::int from plans p where p.dispatch_id = d.id) as plans,
        (select coalesce(array_agg(coalesce(q.answer_text, '')), '{}') from questions q
          where q.dispatch_id = d.id) as answers,
        exists (select 1 from questions q where q.dispatch_id = d.id and q.closing_commented_at is null) as uncommented
      from dispatches d where issue_identifier = ${identifier} order by id`.pipe(
      Effect.flatMap(decodeRows),
      Effect.orDie
    )

  /** A person labels a new issue; gives its identifier. */
  const label = (title: string) =>
    Effect.sync(() => linear.createIssue({ team: "ENG", title, labels: ["AI-Implement"] }))

  const askForPass = Effect.orDie(sql`select pg_notify('ai_implement_wake', 'poller')`)

  /** Waits for a row of the issue that meets the condition, which costs less to ask than to read the rows. */
  const awaitRow = (
    what: string,
    identifier: string,
    condition: Statement.Fragment,
    meets: (row: typeof Row.Type) => boolean,
    within?: Duration.Input
  ) =>
    eventually(
      `${identifier} to ${what}`,
      sql`select 1 from dispatches d where issue_identifier = ${identifier} and ${condition}`.pipe(
        // A test may take the database away.
        Effect.orElseSucceed(() => []),
        Effect.flatMap((found) => (found.length === 0 ? Effect.succeed([]) : rows(identifier))),
        Effect.map((found) => found.find(meets) ?? null)
      ),
      within
    )

  const settled = (identifier: string, within?: Duration.Input) =>
    awaitRow(
      "be settled",
      identifier,
      sql`settled_at is not null`,
      ({ settledAt, uncommented }) => settledAt !== null && !uncommented,
      within
    )

  const running = (identifier: string) =>
    awaitRow("run", identifier, sql`announced_at is not null`, ({ announcedAt }) => announcedAt !== null)

  const runsOf = (identifier: string) =>
    github.runs().filter(({ inputs }) => inputs["issue_identifier"] === identifier)

  const machinesOf = (identifier: string) =>
    fly.machines().filter(({ config }) => config.metadata?.[metadataNames.issue] === identifier)

  /** Whoever works for the issue has seen its work taken. */
  const runsEnded = (identifier: string) =>
    eventually(
      `the runs of ${identifier} to end`,
      Effect.sync(
        () =>
          (runsOf(identifier).every(({ status }) => status === "completed") &&
            machinesOf(identifier).every(({ state }) => state === "destroyed")) ||
          null
      )
    )

  const migrated = eventually(
    "the database",
    sql`select 1 from instance`.pipe(
      Effect.map((found) => found[0] ?? null),
      Effect.orElseSucceed(() => null)
    )
  )

  /** The present holder of the poller has ended its passes and listens for the next wish. */
  const idle = eventually(
    "the service to be idle",
    sql`select 1 as yes from instance where exists
        (select 1 from pg_stat_activity where datname = current_database() and query ilike 'listen%ai_implement_wake%')
      and exists (select 1 from passes where epoch = poller_epoch)
      and not exists (select 1 from passes where epoch = poller_epoch and finished_at is null)`.pipe(
      Effect.map((found) => found[0] ?? null)
    )
  )

  return {
    ...world,
    flow,
    env: {
      ...world.env,
      POLL_INTERVAL_MS: "60000",
      // A halted request may hold its connection.
      ...(flow === "implementation" || flow === "machine"
        ? { DATABASE_CONNECTIONS: "5" }
        : { DATABASE_CONNECTIONS: "16", ...(yield* publicAddress) }),
      ...env
    },
    sql,
    map: Effect.orDie(mapTeam("ENG", flow).pipe(Effect.provideService(SqlClient.SqlClient, sql))),
    rows,
    label,
    askForPass,
    settled,
    running,
    runsOf,
    machinesOf,
    runsEnded,
    migrated,
    idle
  }
})
export type Scene = Effect.Success<ReturnType<typeof makeScene>>

/** How long it takes, in milliseconds. */
export const elapsed = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const from = yield* Clock.currentTimeMillis
  yield* effect
  return (yield* Clock.currentTimeMillis) - from
})
