/** Measures the bars of speed on this machine, prints a table and writes `.data/bench.json`. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as SqlClient from "effect/sql/SqlClient"
import { createHmac, randomUUID } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { Mappings } from "../src/admin/Mappings.ts"
import { Tracker } from "../src/upstreams/Tracker.ts"
import { Passes } from "../src/dispatching/poller/Passes.ts"
import { decideAll } from "../src/dispatching/decision/decideAll.ts"
import { Readiness } from "../src/dispatching/readiness/Readiness.ts"
import { RunBackends } from "../src/upstreams/RunBackends.ts"
import { issue, issueFacts, mapping, dispatchContext } from "../test/support/builders.ts"
import { type Received, Webhooks } from "../src/dispatching/webhooks/Webhooks.ts"
import { api } from "./bench/api.ts"
import { memory, starts } from "./bench/process.ts"
import { start, webhookSecret } from "./bench/service.ts"
import { StoredDispatchId, StoredIssueId, StoredTeamKey } from "../src/domain/Ids.ts"

const rounds = 3
const operator = { name: "bench", session: null, address: null }
const repository = { owner: "acme", repo: "app" }

type Figures = Readonly<Record<string, number>>

const median = (values: ReadonlyArray<number>) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN

const percentile = (values: ReadonlyArray<number>, share: number) =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? NaN

/** The median of every figure. */
const repeated = Effect.fnUntraced(function* <E>(measure: Effect.Effect<Figures, E>) {
  const seen: Array<Figures> = []
  for (let round = 0; round < rounds; round++) seen.push(yield* measure)
  return Object.fromEntries(
    Object.keys(seen[0] ?? {}).map((name) => [name, median(seen.map((figures) => figures[name] ?? NaN))])
  )
})

const signed = (event: object): Received => {
  const body = new TextEncoder().encode(JSON.stringify(event))
  return {
    id: randomUUID(),
    event: "Issue",
    body,
    signature: createHmac("sha256", webhookSecret).update(body).digest("hex")
  }
}

const rowsUntil = <A>(look: Effect.Effect<ReadonlyArray<A>, unknown>, count: number) =>
  look.pipe(
    Effect.repeat({ until: ({ length }) => length >= count, schedule: Schedule.spaced("10 millis") }),
    Effect.timeout("60 seconds"),
    Effect.orDie
  )

const engine = Effect.gen(function* () {
  const { order, services } = yield* start
  const passes = Context.get(services, Passes)
  const mappings = Context.get(services, Mappings)
  const sql = Context.get(services, SqlClient.SqlClient)
  const pass = Effect.gen(function* () {
    const id = yield* passes.request("bench")
    yield* rowsUntil(sql`select 1 from passes where id = ${id} and finished_at is not null`, 1)
    return id
  })
  const map = (teamKey: string, cap: number) =>
    mappings.save(
      {
        teamKey: StoredTeamKey.make(teamKey),
        ...repository,
        planningEnabled: false,
        maxInProgressAiIssues: cap
      },
      operator
    )
  return { services, order, sql, pass, map }
})

/** `count` issues of each team that are ready at once: how long until each run is known. */
const dispatchAll = Effect.fnUntraced(function* (
  teams: ReadonlyArray<string>,
  count: number,
  latency: number
) {
  const { order, services, sql, pass, map } = yield* engine
  const readiness = Context.get(services, Readiness)
  yield* pass
  for (const team of teams) yield* Effect.andThen(map(team, count), readiness.check(StoredTeamKey.make(team)))
  for (const team of teams) yield* order({ issues: { team, count } })
  const { calls: before } = yield* order({ latency })
  const id = yield* pass
  yield* rowsUntil(sql`select 1 from dispatches where started_at is not null`, teams.length * count)
  const rows = yield* sql`select extract(epoch from started_at - reserved_at)::float8 * 1000 as launch,
      extract(epoch from started_at - (select started_at from passes where id = ${id}))::float8 * 1000 as accepted
      from dispatches`
  yield* rowsUntil(sql`select 1 from dispatches where announced_at is not null`, teams.length * count)
  const { calls } = yield* order({})
  const accepted = Math.max(...rows.map((row) => Number(row["accepted"])))
  return {
    accepted,
    p95: percentile(
      rows.map((row) => Number(row["launch"])),
      0.95
    ),
    rate: rows.length / (accepted / 1000),
    calls: (calls - before) / rows.length
  }
}, Effect.scoped)

/** One issue after the other: read it, look for its run, start one, look for that, read its labels and change them. */
const serial = Effect.fnUntraced(function* (count: number, latency: number) {
  const { order, services } = yield* engine
  const tracker = Context.get(services, Tracker)
  const runBackends = Context.get(services, RunBackends)
  const { issues: identifiers } = yield* order({ issues: { team: "ENG", count } })
  const since = yield* DateTime.now
  yield* order({ latency })
  const began = yield* Clock.currentTimeMillis
  for (const identifier of identifiers) {
    const found = yield* tracker.get(identifier)
    const place = { kind: "github", ...repository } as const
    const query = { place, dispatchId: StoredDispatchId.make(found.id), since }
    yield* runBackends.find(query)
    yield* runBackends.launch({
      ...place,
      dispatchId: StoredDispatchId.make(found.id),
      issueId: found.id,
      issueIdentifier: identifier,
      issueTitle: found.title,
      issueDescription: null,
      phase: "implementation",
      workflowFile: "claude-implement.yml",
      ref: "main",
      branch: `ai-implement/${identifier}`,
      provider: "anthropic",
      awsRegion: null,
      sessionMode: "autonomous",
      extraEnv: {},
      callbackUrl: null,
      prNumber: null,
      planFeedback: null,
      previousPlan: null,
      issueUrl: found.url,
      deadlineMinutes: 60,
      plan: null,
      comments: [],
      undeclaredInputs: [],
      proceed: Effect.succeed(true)
    })
    yield* runBackends.find(query)
    yield* tracker.change({
      issueId: found.id,
      teamId: found.team.id,
      add: ["AI-Working"],
      remove: [],
      start: true
    })
  }
  return { serial: (yield* Clock.currentTimeMillis) - began }
}, Effect.scoped)

const candidates = (count: number) =>
  Array.from({ length: count }, (_, number) =>
    issueFacts({
      issue: issue({
        id: StoredIssueId.make(`issue-${number}`),
        priority: number % 5,
        team: { id: "t", key: StoredTeamKey.make(`T${number % 50}`) }
      }),
      mapping: mapping({ teamKey: StoredTeamKey.make(`T${number % 50}`) })
    })
  )

const planning = Effect.sync(() => {
  const context = dispatchContext()
  const time = (count: number) => {
    const facts = candidates(count)
    const times = Array.from({ length: 15 }, () => {
      const began = performance.now()
      decideAll(context, facts, { perHour: 60, used: new Map() })
      return performance.now() - began
    })
    return Math.min(...times)
  }
  time(5000)
  const [half, whole] = [time(2500), time(5000)]
  return { plan: whole, growth: whole / half }
})

/** Passes with nothing new, among ten issues that wait. */
const idle = Effect.gen(function* () {
  const { order, pass, map } = yield* engine
  yield* map("ENG", 1)
  yield* order({ issues: { team: "WEB", count: 10 } })
  for (let warm = 0; warm < 10; warm++) yield* pass
  const { calls: before } = yield* order({})
  const began = process.cpuUsage()
  const passes = 20
  for (let count = 0; count < passes; count++) yield* pass
  const { user, system } = process.cpuUsage(began)
  const { calls } = yield* order({})
  return { cpu: (user + system) / 1000 / passes, requests: (calls - before) / passes }
}).pipe(Effect.scoped)

/** Issues labelled one after the other; of each, how long from its webhook until its run is known. */
const notified = Effect.fnUntraced(function* (count: number, latency: number) {
  const { order, services, sql, pass, map } = yield* engine
  const webhooks = yield* Layer.build(Webhooks.layer).pipe(
    Effect.map(Context.get(Webhooks)),
    Effect.provide(services)
  )
  yield* map("ENG", count)
  yield* pass
  yield* order({ latency })
  const times: Array<number> = []
  for (let turn = 0; turn < count; turn++) {
    const { issues } = yield* order({ issues: { team: "ENG", count: 1 } })
    const at = yield* Clock.currentTimeMillis
    yield* Effect.orDie(webhooks.linear(signed({ type: "Issue", webhookTimestamp: at })))
    const run = sql`select extract(epoch from started_at)::float8 * 1000 as at from dispatches
      where issue_identifier = ${issues[0] ?? ""} and started_at is not null`
    const [row] = yield* rowsUntil(run, 1)
    times.push(Number(row?.["at"]) - at)
  }
  return { webhook: percentile(times, 0.95) }
}, Effect.scoped)

interface Bar {
  readonly measure: string
  readonly value: number
  readonly unit: string
  readonly atMost?: number
  readonly atLeast?: number
}

const met = ({ atLeast = -Infinity, atMost = Infinity, value }: Bar) => value <= atMost && value >= atLeast

const table = (bars: ReadonlyArray<Bar>) => {
  const lines = bars.map((bar) => [
    bar.measure,
    `${Number(bar.value.toPrecision(3))} ${bar.unit}`.trim(),
    bar.atMost === undefined ? `≥ ${bar.atLeast ?? ""}` : `≤ ${bar.atMost}`,
    met(bar) ? "met" : "MISSED"
  ])
  const width = (column: number) => Math.max(...lines.map((line) => line[column]?.length ?? 0))
  return lines.map((line) => line.map((cell, column) => cell.padEnd(width(column))).join("  ")).join("\n")
}

Effect.gen(function* () {
  const many = yield* repeated(dispatchAll(["ENG"], 50, 20))
  const slow = yield* repeated(serial(50, 20))
  const flood = yield* repeated(dispatchAll(["ENG", "WEB"], 100, 0))
  const pure = yield* repeated(planning)
  const quiet = yield* repeated(idle)
  const nudged = yield* repeated(notified(20, 20))
  const served = yield* repeated(api)
  const started = yield* repeated(starts)
  const taken = yield* memory
  const of = (figures: Figures, name: string) => figures[name] ?? NaN
  const bars: ReadonlyArray<Bar> = [
    {
      measure: "50 ready issues, 20 ms away: pass start to last dispatch accepted",
      value: of(many, "accepted"),
      unit: "ms",
      atMost: 1000
    },
    {
      measure: "… upstream calls for each, pages and token included",
      value: of(many, "calls"),
      unit: "",
      atMost: 3.2
    },
    {
      measure: "… times as fast as one issue after the other",
      value: of(slow, "serial") / of(many, "accepted"),
      unit: "×",
      atLeast: 7
    },
    {
      measure: "200 ready issues: decided to accepted, 95th percentile",
      value: of(flood, "p95"),
      unit: "ms",
      atMost: 2000
    },
    { measure: "… dispatches a second", value: of(flood, "rate"), unit: "/s", atLeast: 50 },
    {
      measure: "webhook to dispatch accepted, 20 ms away, 95th percentile",
      value: of(nudged, "webhook"),
      unit: "ms",
      atMost: 1000
    },
    { measure: "plan of 5 000 candidates", value: of(pure, "plan"), unit: "ms", atMost: 100 },
    { measure: "… against 2 500", value: of(pure, "growth"), unit: "×", atMost: 3 },
    { measure: "pass with nothing new: own CPU", value: of(quiet, "cpu"), unit: "ms", atMost: 50 },
    { measure: "… Linear requests", value: of(quiet, "requests"), unit: "", atMost: 1 },
    {
      measure: "GET /api/log, 500 rows, 32 connections",
      value: of(served, "log"),
      unit: "/s",
      atLeast: 150
    },
    {
      measure: "… against a bare server of the same rows",
      value: of(served, "share"),
      unit: "×",
      atLeast: 0.08
    },
    { measure: "… with ?limit=50", value: of(served, "page"), unit: "/s", atLeast: 1500 },
    { measure: "GET /api/mappings, 100 of them", value: of(served, "mappings"), unit: "/s", atLeast: 800 },
    { measure: "… slowest 99th percentile of the three", value: of(served, "p99"), unit: "ms", atMost: 250 },
    {
      measure: "start to ready, PostgreSQL elsewhere",
      value: of(started, "external"),
      unit: "ms",
      atMost: 1000
    },
    { measure: "… embedded", value: of(started, "later"), unit: "ms", atMost: 1200 },
    { measure: "… embedded, for the first time", value: of(started, "first"), unit: "ms", atMost: 2500 },
    { measure: "memory when idle, PSS", value: taken.idle, unit: "MB", atMost: 150 },
    { measure: "… of the embedded database", value: taken.database, unit: "MB", atMost: 30 },
    { measure: "… after 1 000 dispatches", value: taken.after, unit: "MB", atMost: 200 }
  ]
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "CPU"}, Node ${process.version}`
  const at = DateTime.formatIso(yield* DateTime.now)
  process.stdout.write(`\n${table(bars)}\n\nMedians of ${rounds}. ${machine}, ${at}\n`)
  mkdirSync(".data", { recursive: true })
  writeFileSync(".data/bench.json", `${JSON.stringify({ at, machine, rounds, bars }, null, 2)}\n`)
  if (!bars.every(met)) process.exitCode = 1
}).pipe(NodeRuntime.runMain)
