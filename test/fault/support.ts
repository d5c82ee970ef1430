import { assert } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { dirname } from "node:path"
import { firstFreePort } from "../../src/Cluster/address.ts"
import { mappingDefaults } from "../../src/domain/Mapping.ts"
import { Database } from "../../src/Sql/Database.ts"
import type { Orders, Point } from "../support/orders.ts"
import { launch } from "../support/process.ts"
import { connection } from "../support/TestDb.ts"
import { makeWorld } from "../support/world.ts"

class NotYet extends Data.TaggedError("NotYet") {}
export class TooLate extends Data.TaggedError("TooLate")<{ readonly message: string }> {}

const isNotYet = (error: unknown) => error instanceof NotYet

/** Looks until there is something to see. */
export const eventually = <A, E, R>(
  what: string,
  look: Effect.Effect<A | null, E, R>,
  within: Duration.Input = "40 seconds"
) =>
  look.pipe(
    Effect.flatMap((seen) => (seen === null ? Effect.fail(new NotYet()) : Effect.succeed(seen))),
    Effect.retry({ schedule: Schedule.spaced("25 millis"), while: isNotYet }),
    Effect.timeoutOrElse({
      duration: within,
      orElse: () => Effect.fail(new TooLate({ message: `Waited in vain for ${what}` }))
    })
  )

const script = new URL("../support/service.ts", import.meta.url)

/** The service in its process, begun with its first orders. */
export const start = Effect.fnUntraced(function* (env: Record<string, string>, dieAt: Point | null = null) {
  const child = yield* launch(script, { env: { ...env, LOG_FORMAT: "json", LOG_LEVEL: "warn" } })
  const order = (orders: Partial<Orders>) => child.send({ dieAt: null, report: false, ...orders })
  yield* order({ dieAt })
  return { ...child, order }
})
export type Service = Effect.Success<ReturnType<typeof start>>

const urlOf = (database: string) => {
  const { path, host, port, username, password } = connection()
  const url = new URL(`postgres://${host ?? "localhost"}:${port ?? 5432}/${database}`)
  url.searchParams.set("user", username)
  if (path !== undefined) url.searchParams.set("host", dirname(path))
  if (password !== undefined) url.searchParams.set("password", Redacted.value(password))
  return url.href
}

const at = DateTime.toDateUtc

const mapTeam = Effect.fnUntraced(function* (teamKey: string, maxInProgressAiIssues: number) {
  const sql = yield* SqlClient.SqlClient
  const now = at(yield* DateTime.now)
  const { extraEnv, ...defaults } = mappingDefaults
  yield* sql`insert into mappings ${sql.insert({
    ...defaults,
    teamKey,
    owner: "acme",
    repo: "app",
    maxInProgressAiIssues,
    planningEnabled: false,
    extraEnv: JSON.stringify(extraEnv),
    createdAt: now,
    updatedAt: now
  })}`
})

const Row = Schema.Struct({
  id: Schema.String,
  issueId: Schema.String,
  issueIdentifier: Schema.String,
  status: Schema.String,
  branch: Schema.String,
  announcedAt: Schema.NullOr(Schema.Date),
  settledAt: Schema.NullOr(Schema.Date),
  events: Schema.Array(Schema.String),
  effects: Schema.Array(Schema.String),
  remembered: Schema.Boolean
})
export type Row = typeof Row.Type
const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Row))

/** A port below those that the system gives away by itself. */
const clusterPort = Effect.gen(function* () {
  return yield* firstFreePort("127.0.0.1", yield* Random.nextIntBetween(12_000, 30_000))
})

/** Local upstreams and an empty database with team ENG mapped, and what happens on them. */
export const makeScene = Effect.fnUntraced(function* () {
  const sql = yield* SqlClient.SqlClient
  const { location } = yield* Database
  const world = yield* makeWorld()
  const { linear, github } = world
  const env = { ...world.env, DATABASE_URL: urlOf(location), CLUSTER_PORT: String(yield* clusterPort) }
  yield* mapTeam("ENG", 20)

  const rows = (identifier: string) =>
    sql`select id, issue_id, issue_identifier, status, branch, announced_at, settled_at,
        (select array_agg(e.type order by e.id) from dispatch_events e where e.dispatch_id = d.id) as events,
        (select coalesce(array_agg(s.effect || ' ' || s.state order by s.effect), '{}') from settlement_effects s
          where s.dispatch_id = d.id) as effects,
        exists (select 1 from dedup where dedup.dispatch_id = d.id) as remembered
      from dispatches d where issue_identifier = ${identifier} order by id`.pipe(
      Effect.flatMap(decodeRows),
      Effect.orDie
    )

  /** An issue that a person labelled; the poller is told. */
  const label = Effect.fnUntraced(function* (title: string) {
    const identifier = linear.createIssue({ team: "ENG", title, labels: ["AI-Implement"] })
    yield* sql`select pg_notify('ai_implement_pass', '')`.pipe(Effect.orDie)
    return identifier
  })

  const settled = (identifier: string, within?: Duration.Input) =>
    eventually(
      `${identifier} to be settled`,
      Effect.map(rows(identifier), (found) => found.find(({ settledAt }) => settledAt !== null) ?? null),
      within
    )

  /** Starts each run that its issue was told of, opens its pull request and ends it well. */
  const agent = Effect.gen(function* () {
    const done = new Set<number>()
    const told = sql`select id from dispatches where announced_at is not null`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ id: Schema.String }))))
    )
    const turn = Effect.gen(function* () {
      const waiting = github.runs().filter(({ id, status }) => status === "queued" && !done.has(id))
      if (waiting.length === 0) return
      const ids = new Set((yield* told).map(({ id }) => id))
      for (const run of waiting) {
        if (!ids.has(run.inputs["dispatch_id"] ?? "")) continue
        done.add(run.id)
        yield* github.startRun(run.id)
        yield* github.openPullRequest({
          owner: "acme",
          repo: "app",
          branch: run.inputs["branch"] ?? "",
          title: run.inputs["issue_title"] ?? ""
        })
        yield* github.finishRun(run.id, "success")
      }
    })
    yield* Effect.forkScoped(turn.pipe(Effect.repeat(Schedule.spaced("25 millis")), Effect.orDie))
  })

  return { ...world, env, rows, label, settled, agent, sql }
})
export type Scene = Effect.Success<ReturnType<typeof makeScene>>

const once = [
  "reserved",
  "running",
  "announced",
  "run_ended",
  "delivered",
  "labels_done",
  "comment_done",
  "settled"
]

/** One dispatch, one run, one comment, the right labels, one move, one dedup row and a log that tells it once. */
export const assertExactlyOnce = Effect.fnUntraced(function* (scene: Scene, identifier: string) {
  const { linear, github } = scene
  const dispatches = yield* scene.rows(identifier)
  assert.lengthOf(dispatches, 1, "one dispatch")
  const [row] = dispatches
  if (row === undefined) return
  assert.strictEqual(row.status, "succeeded")
  assert.isNotNull(row.settledAt)
  assert.isTrue(row.remembered, "the dedup row")
  assert.deepStrictEqual(row.effects, ["comment done", "labels done"])
  const runs = github.runs().filter(({ inputs }) => inputs["issue_identifier"] === identifier)
  assert.deepStrictEqual(
    runs.map(({ inputs, conclusion }) => [inputs["dispatch_id"], conclusion]),
    [[row.id, "success"]],
    "one run"
  )
  const issue = linear.issueByIdentifier(identifier)
  assert.lengthOf(issue?.comments ?? [], 1, "one comment")
  assert.deepStrictEqual(issue?.labels, ["AI-Implement", "Ready for Review"])
  assert.deepStrictEqual(issue?.state.name, "In Progress")
  assert.strictEqual(scene.moves(identifier), 1, "one move to In Progress")
  const counts = Object.fromEntries(once.map((type) => [type, row.events.filter((each) => each === type).length]))
  assert.deepStrictEqual(counts, Object.fromEntries(once.map((type) => [type, 1])), row.events.join(" "))
  const inOrder = row.events.filter((type) => once.includes(type))
  assert.deepStrictEqual(inOrder.slice(0, 5), once.slice(0, 5), "the log in order")
  assert.strictEqual(inOrder.at(-1), "settled")
  assert.deepStrictEqual(linear.violations(), [])
  assert.deepStrictEqual(github.control.violations(), [])
})

/** Waits for the end of the process that is ordered to die. */
export const killed = (service: Service, within: Duration.Input = "20 seconds") =>
  service.ended.pipe(
    Effect.timeoutOrElse({
      duration: within,
      orElse: () => Effect.fail(new TooLate({ message: "The service never came to the point where it dies" }))
    })
  )

export const elapsed = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const from = yield* Clock.currentTimeMillis
  const value = yield* effect
  return { value, millis: (yield* Clock.currentTimeMillis) - from }
})
