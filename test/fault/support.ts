import { assert } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Predicate from "effect/Predicate"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { firstFreePort } from "../../src/Cluster/address.ts"
import { mappingDefaults } from "../../src/domain/Mapping.ts"
import { overRunner } from "../../src/sandbox/agent/Contact.ts"
import type { Run } from "../../src/sandbox/GitHub.ts"
import { dispatchOf, machineName, metadataNames } from "../../src/Fly/runs.ts"
import type { Orders } from "../support/orders.ts"
import { launch } from "../support/process.ts"
import { makeWorld } from "../support/world.ts"

const planDocuments = ["Architecture Analysis", "Test Plan", "Cross-Story Context"].map((title) => ({
  title,
  markdown: `What the ${title} says.`
}))

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

/** What the dispatches of a scene do, and what they leave when all went well. */
export type Flow = "implementation" | "planning" | "machine"

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
    autoApprovePlans: false,
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
  remembered: Schema.Boolean,
  plans: Schema.Int
})
const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Row))
const decodeMachineWork = Schema.decodeUnknownEffect(
  Schema.Array(Schema.Struct({ id: Schema.String, branch: Schema.String }))
)
const decodeTold = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ id: Schema.String })))

/** A port below those that the system gives away by itself. */
export const clusterPort = Effect.gen(function* () {
  const port = yield* firstFreePort("127.0.0.1", yield* Random.nextIntBetween(12_000, 30_000))
  return { CLUSTER_PORT: String(port) }
})

/** An address of the service that stays when another takes its place. */
const publicAddress = Effect.gen(function* () {
  const port = yield* firstFreePort("127.0.0.1", yield* Random.nextIntBetween(12_000, 30_000))
  return { PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` }
})

/** Local upstreams, a migrated database with team ENG mapped, and what people, agents and operators see of them. */
export const makeScene = Effect.fnUntraced(function* (
  env: Record<string, string>,
  flow: Flow = "implementation"
) {
  const sql = yield* SqlClient.SqlClient
  const world = yield* makeWorld(flow === "machine" ? { fly: {} } : {})
  const { fly, linear, github } = world

  const rows = (identifier: string) =>
    sql`select id, status, outcome, announced_at, settled_at,
        (select array_agg(e.type order by e.id) from dispatch_events e where e.dispatch_id = d.id) as events,
        (select coalesce(array_agg(s.effect || ' ' || s.state order by s.effect), '{}') from settlement_effects s
          where s.dispatch_id = d.id) as effects,
        exists (select 1 from dedup where dedup.dispatch_id = d.id) as remembered,
        (select count(*)::int from plans p where p.dispatch_id = d.id) as plans
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

  const implement = Effect.fnUntraced(function* ({ inputs }: Run) {
    yield* github.openPullRequest({
      owner: "acme",
      repo: "app",
      branch: inputs["branch"] ?? "",
      title: inputs["issue_title"] ?? ""
    })
  })

  const plan = Effect.fnUntraced(function* ({ id, inputs }: Run) {
    const { callback_url: url = "", dispatch_id: dispatchId = "" } = inputs
    const token = Effect.orDie(github.jobToken(id, { audience: url }))
    const contact = yield* overRunner({ url, dispatchId, token })
    const job = yield* contact.claim
    if (job !== null) yield* contact.report(job, { outcome: "delivered", plan: planDocuments })
  }, Effect.provide(FetchHttpClient.layer))

  /** Starts each run that its issue was told of, does its work and ends it well. */
  const agent = Effect.gen(function* () {
    const taken = new Set<number>()
    const work = Effect.fnUntraced(function* (run: Run) {
      yield* github.startRun(run.id)
      yield* run.inputs["plan_feedback"] === undefined ? implement(run) : plan(run)
      yield* github.finishRun(run.id, "success")
    }, Effect.orDie)
    const turn = Effect.gen(function* () {
      const waiting = github.runs().filter(({ id, status }) => status === "queued" && !taken.has(id))
      if (waiting.length === 0) return
      const told = yield* sql`select id from dispatches where announced_at is not null`.pipe(
        Effect.flatMap(decodeTold)
      )
      for (const run of waiting) {
        if (!told.some(({ id }) => id === run.inputs["dispatch_id"])) continue
        taken.add(run.id)
        yield* Effect.forkScoped(work(run))
      }
    })
    const all = flow === "machine" ? Effect.andThen(turn, inMachines) : turn
    yield* all.pipe(Effect.repeat(Schedule.spaced("25 millis")), Effect.orDie, Effect.forkScoped)
  })

  /** Does the work of each machine that its issue was told of, and ends it well. */
  const inMachines = Effect.gen(function* () {
    const told = yield* sql`select id, branch from dispatches where announced_at is not null`.pipe(
      Effect.flatMap(decodeMachineWork)
    )
    for (const { config, id, state } of fly.machines()) {
      const dispatch = told.find((each) => each.id === dispatchOf({ metadata: config.metadata ?? {} }))
      if (state !== "created" || dispatch === undefined) continue
      yield* fly.startMachine(id)
      yield* github.openPullRequest({ owner: "acme", repo: "app", branch: dispatch.branch, title: "Done" })
      yield* fly.exitMachine(id, { code: 0 })
    }
  })

  return {
    ...world,
    flow,
    env: {
      ...world.env,
      POLL_INTERVAL_MS: "60000",
      ...(flow === "planning" && (yield* publicAddress)),
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
    idle,
    agent
  }
})
export type Scene = Effect.Success<ReturnType<typeof makeScene>>

interface Left {
  readonly effects: ReadonlyArray<string>
  readonly remembered: boolean
  readonly labels: ReadonlyArray<string>
  /** How each comment begins. */
  readonly comments: ReadonlyArray<string>
  readonly plans: number
  /** What the timeline tells once, in this order up to `delivered`. */
  readonly told: ReadonlyArray<string>
}

const implementation: Left = {
  effects: ["comment done", "labels done"],
  remembered: true,
  labels: ["AI-Implement", "Ready for Review"],
  comments: ["AI-Implement opened pull request"],
  plans: 0,
  told: [
    "reserved",
    "running",
    "announced",
    "run_ended",
    "delivered",
    "comment_done",
    "labels_done",
    "settled"
  ]
}

const left: Readonly<Record<Flow, Left>> = {
  implementation,
  machine: {
    ...implementation,
    effects: [...implementation.effects, "machine done"],
    told: [...implementation.told, "machine_done"]
  },
  planning: {
    effects: ["labels done", "plan_1 done", "plan_2 done", "plan_3 done"],
    remembered: false,
    labels: ["AI-Implement", "Plan-Complete"],
    comments: planDocuments.map(({ title }, index) => `**Plan ${index + 1} of 3: ${title}**`),
    plans: 1,
    told: [
      "reserved",
      "running",
      "announced",
      "delivered",
      "plan_1_done",
      "plan_2_done",
      "plan_3_done",
      "labels_done",
      "settled"
    ]
  }
}

/** One dispatch, one run, its comments once and in order, the right labels, one move and a log that tells it once. */
export const assertExactlyOnce = Effect.fnUntraced(function* (scene: Scene, identifier: string) {
  const { fly, linear, github } = scene
  const { told, ...expected } = left[scene.flow]
  const [row, ...others] = yield* scene.rows(identifier)
  assert.deepStrictEqual(others, [], "dispatches")
  assert.strictEqual(row?.status, "succeeded")
  assert.isNotNull(row.settledAt)
  assert.strictEqual(row.remembered, expected.remembered, "dedup row")
  assert.strictEqual(row.plans, expected.plans, "plans")
  assert.deepStrictEqual(row.effects, expected.effects)
  const onFly = scene.flow === "machine"
  assert.deepStrictEqual(
    scene.runsOf(identifier).map(({ inputs, conclusion }) => [inputs["dispatch_id"], conclusion]),
    onFly ? [] : [[row.id, "success"]],
    "runs"
  )
  assert.deepStrictEqual(
    scene.machinesOf(identifier).map(({ name, state }) => [name, state]),
    onFly ? [[machineName(row.id), "destroyed"]] : [],
    "machines"
  )
  const { comments = [], labels, state } = linear.issueByIdentifier(identifier) ?? {}
  assert.lengthOf(comments, expected.comments.length, "comments")
  for (const [index, beginning] of expected.comments.entries()) {
    assert.isTrue(comments[index]?.body.startsWith(beginning), beginning)
  }
  assert.deepStrictEqual(labels, expected.labels)
  assert.strictEqual(state?.name, "In Progress")
  assert.strictEqual(scene.moves(identifier), 1, "moves to In Progress")
  assert.sameOrderedMembers(
    row.events.filter((type) => told.includes(type)).toSorted(),
    told.toSorted(),
    row.events.join(" ")
  )
  const inOrder = told.slice(0, told.indexOf("delivered") + 1)
  assert.deepStrictEqual(
    row.events.filter((type) => inOrder.includes(type)),
    inOrder
  )
  assert.strictEqual(row.events.at(-1), "settled")
  assert.include(row.events, "launching")
  assert.deepStrictEqual(linear.violations(), [])
  assert.deepStrictEqual(github.control.violations(), [])
  assert.deepStrictEqual(fly.control.violations(), [])
})

/** How long it takes, in milliseconds. */
export const elapsed = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const from = yield* Clock.currentTimeMillis
  yield* effect
  return (yield* Clock.currentTimeMillis) - from
})
