import { assert } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { firstFreePort } from "../../src/Cluster/address.ts"
import { mappingDefaults } from "../../src/domain/Mapping.ts"
import type { Orders } from "../support/orders.ts"
import { launch } from "../support/process.ts"
import { makeWorld } from "../support/world.ts"

class NotYet extends Data.TaggedError("NotYet") {}
export class TooLate extends Data.TaggedError("TooLate")<{ readonly message: string }> {}

const inTime = (what: string, within: Duration.Input) =>
  Effect.timeoutOrElse({
    duration: within,
    orElse: () => Effect.fail(new TooLate({ message: `Waited in vain for ${what}` }))
  })

/** Looks until there is something to see. */
export const eventually = <A, E, R>(
  what: string,
  look: Effect.Effect<A | null, E, R>,
  within: Duration.Input = "30 seconds"
) =>
  look.pipe(
    Effect.filterOrFail(Predicate.isNotNull, () => new NotYet()),
    Effect.retry({ schedule: Schedule.spaced("40 millis"), while: (error) => error instanceof NotYet }),
    inTime(what, within)
  )

const script = new URL("../support/service.ts", import.meta.url)
/** Halves the time of a start. */
const NODE_COMPILE_CACHE = join(tmpdir(), "ai-implement-test-compiled")

/** The service in its process, begun with its first orders. */
export const start = Effect.fnUntraced(function* (
  env: Record<string, string>,
  { leaseMargin = 300, ...orders }: Partial<Orders> & { readonly leaseMargin?: number | undefined } = {}
) {
  const { ended, ...child } = yield* launch(script, {
    args: [String(leaseMargin)],
    env: { ...env, NODE_COMPILE_CACHE, LOG_FORMAT: "json", LOG_LEVEL: "warn" }
  })
  const order = (given: Partial<Orders>) => child.send({ dieAt: null, report: false, ...given })
  yield* order(orders)
  return { ...child, order, ended: ended.pipe(inTime("the end of the service", "20 seconds")) }
})
export type Service = Effect.Success<ReturnType<typeof start>>

const mapTeam = Effect.fnUntraced(function* (teamKey: string) {
  const sql = yield* SqlClient.SqlClient
  const now = DateTime.toDateUtc(yield* DateTime.now)
  yield* sql`insert into mappings ${sql.insert({
    ...mappingDefaults,
    teamKey,
    owner: "acme",
    repo: "app",
    maxInProgressAiIssues: 20,
    planningEnabled: false,
    extraEnv: "{}",
    createdAt: now,
    updatedAt: now
  })}`
})

const Row = Schema.Struct({
  id: Schema.String,
  status: Schema.String,
  outcome: Schema.NullOr(Schema.Struct({ reason: Schema.String, message: Schema.String })),
  announcedAt: Schema.NullOr(Schema.Date),
  settledAt: Schema.NullOr(Schema.Date),
  events: Schema.Array(Schema.String),
  effects: Schema.Array(Schema.String),
  remembered: Schema.Boolean
})
const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Row))
const decodeTold = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ id: Schema.String })))

/** A port below those that the system gives away by itself. */
export const clusterPort = Effect.gen(function* () {
  const port = yield* firstFreePort("127.0.0.1", yield* Random.nextIntBetween(12_000, 30_000))
  return { CLUSTER_PORT: String(port) }
})

/** Local upstreams, a migrated database with team ENG mapped, and what people, agents and operators see of them. */
export const makeScene = Effect.fnUntraced(function* (env: Record<string, string>) {
  const sql = yield* SqlClient.SqlClient
  const world = yield* makeWorld()
  const { linear, github } = world

  const rows = (identifier: string) =>
    sql`select id, status, outcome, announced_at, settled_at,
        (select array_agg(e.type order by e.id) from dispatch_events e where e.dispatch_id = d.id) as events,
        (select coalesce(array_agg(s.effect || ' ' || s.state order by s.effect), '{}') from settlement_effects s
          where s.dispatch_id = d.id) as effects,
        exists (select 1 from dedup where dedup.dispatch_id = d.id) as remembered
      from dispatches d where issue_identifier = ${identifier} order by id`.pipe(
      Effect.flatMap(decodeRows),
      Effect.orDie
    )

  /** A person labels a new issue; gives its identifier. */
  const label = (title: string) =>
    Effect.sync(() => linear.createIssue({ team: "ENG", title, labels: ["AI-Implement"] }))

  const askForPass = Effect.orDie(sql`select pg_notify('ai_implement_wake', 'poller')`)

  const settled = (identifier: string, within?: Duration.Input) =>
    eventually(
      `${identifier} to be settled`,
      Effect.map(rows(identifier), (found) => found.find(({ settledAt }) => settledAt !== null) ?? null),
      within
    )

  const running = (identifier: string) =>
    eventually(
      `${identifier} to run`,
      Effect.map(rows(identifier), (found) => found.find(({ announcedAt }) => announcedAt !== null) ?? null)
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
        (select 1 from pg_stat_activity where datname = current_database() and query ilike 'listen%ai_implement_pass%')
      and exists (select 1 from passes where epoch = poller_epoch)
      and not exists (select 1 from passes where epoch = poller_epoch and finished_at is null)`.pipe(
      Effect.map((found) => found[0] ?? null)
    )
  )

  /** Starts each run that its issue was told of, opens its pull request and ends it well. */
  const agent = Effect.gen(function* () {
    const taken = new Set<number>()
    const turn = Effect.gen(function* () {
      const waiting = github.runs().filter(({ id, status }) => status === "queued" && !taken.has(id))
      if (waiting.length === 0) return
      const told = yield* sql`select id from dispatches where announced_at is not null`.pipe(
        Effect.flatMap(decodeTold)
      )
      for (const { id, inputs } of waiting) {
        if (!told.some((dispatch) => dispatch.id === inputs["dispatch_id"])) continue
        taken.add(id)
        yield* github.startRun(id)
        yield* github.openPullRequest({
          owner: "acme",
          repo: "app",
          branch: inputs["branch"] ?? "",
          title: inputs["issue_title"] ?? ""
        })
        yield* github.finishRun(id, "success")
      }
    })
    yield* turn.pipe(Effect.repeat(Schedule.spaced("25 millis")), Effect.orDie, Effect.forkScoped)
  })

  return {
    ...world,
    env: { ...world.env, POLL_INTERVAL_MS: "60000", ...env },
    sql,
    map: Effect.orDie(mapTeam("ENG").pipe(Effect.provideService(SqlClient.SqlClient, sql))),
    rows,
    label,
    askForPass,
    settled,
    running,
    migrated,
    idle,
    agent
  }
})
export type Scene = Effect.Success<ReturnType<typeof makeScene>>

const toldOnce = [
  "reserved",
  "running",
  "announced",
  "run_ended",
  "delivered",
  "comment_done",
  "labels_done",
  "settled"
]

/** One dispatch, one run, one comment, the right labels, one move, one dedup row and a log that tells it once. */
export const assertExactlyOnce = Effect.fnUntraced(function* (scene: Scene, identifier: string) {
  const { linear, github } = scene
  const [row, ...others] = yield* scene.rows(identifier)
  assert.deepStrictEqual(others, [], "dispatches")
  assert.strictEqual(row?.status, "succeeded")
  assert.isNotNull(row.settledAt)
  assert.isTrue(row.remembered, "dedup row")
  assert.deepStrictEqual(row.effects, ["comment done", "labels done"])
  assert.deepStrictEqual(
    github
      .runs()
      .filter(({ inputs }) => inputs["issue_identifier"] === identifier)
      .map(({ inputs, conclusion }) => [inputs["dispatch_id"], conclusion]),
    [[row.id, "success"]],
    "runs"
  )
  const { comments = [], labels, state } = linear.issueByIdentifier(identifier) ?? {}
  assert.lengthOf(comments, 1, "comments")
  assert.deepStrictEqual(labels, ["AI-Implement", "Ready for Review"])
  assert.strictEqual(state?.name, "In Progress")
  assert.strictEqual(scene.moves(identifier), 1, "moves to In Progress")
  assert.sameOrderedMembers(
    row.events.filter((type) => toldOnce.includes(type)).toSorted(),
    toldOnce.toSorted(),
    row.events.join(" ")
  )
  assert.deepStrictEqual(
    row.events.filter((type) => toldOnce.slice(0, 5).includes(type)),
    toldOnce.slice(0, 5)
  )
  assert.strictEqual(row.events.at(-1), "settled")
  assert.include(row.events, "launching")
  assert.deepStrictEqual(linear.violations(), [])
  assert.deepStrictEqual(github.control.violations(), [])
})

/** How long it takes, in milliseconds. */
export const elapsed = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const from = yield* Clock.currentTimeMillis
  yield* effect
  return (yield* Clock.currentTimeMillis) - from
})
