import * as Clock from "effect/Clock"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { type Demo, demo } from "../../src/sandbox/demo.ts"
import { sample, type Sample, seenIssues, type Snapshot, snapshot } from "./facts.ts"
import { people, type Words } from "./people.ts"
import { capacityProblems, labelProblems, orderProblems, reasonProblems } from "./rules.ts"

export interface Options {
  readonly millis: number
  /** Milliseconds from one new issue to the next; null: nobody adds any. */
  readonly feed: number | null
}

export interface Summary extends Words {
  readonly samples: number
  readonly problems: ReadonlyArray<string>
  readonly violations: ReadonlyArray<string>
  /** The most dispatches that were live at once, by team. */
  readonly most: Readonly<Record<string, number>>
  /** Ends, by team, phase, mode and reason. */
  readonly ends: Readonly<Record<string, number>>
  readonly reasons: Readonly<Record<string, number>>
  readonly parked: ReadonlyArray<string>
}

const pickupLabel = "AI-Implement"
const teams = ["ENG", "WEB", "OPS"]

/** An hour's budget for the work of days. */
const plenty = { limit: 1_000_000_000, remaining: 1_000_000_000 }

const tally = (keys: ReadonlyArray<string>): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const key of keys.toSorted()) counts[key] = (counts[key] ?? 0) + 1
  return counts
}

const feed = Effect.fnUntraced(function* ({ linear }: Demo, every: number) {
  let number = 0
  yield* Effect.repeat(
    Effect.sync(() => {
      const team = teams[number % teams.length] ?? "ENG"
      number += 1
      linear.control.createIssue({ team, title: `Small change ${number}`, labels: [pickupLabel] })
    }),
    Schedule.spaced(every)
  )
})

/** More than one run or machine for a dispatch. */
const doubles = ({ fly, github }: Demo, { dispatches }: Snapshot) => {
  const made = [
    ...github.runs().map(({ inputs }) => inputs["dispatch_id"] ?? ""),
    ...fly.machines().map(({ config }) => config.metadata?.["ai_implement_dispatch"] ?? "")
  ]
  return dispatches
    .filter(({ id }) => made.filter((one) => one === id).length > 1)
    .map(({ id }) => `${id} was launched more than once`)
}

const endsOf = ({ dispatches }: Snapshot) =>
  tally(
    dispatches.flatMap(({ executionMode, kind, phase, reason, teamKey }) =>
      kind === null ? [] : [`${teamKey} ${phase} ${executionMode} ${kind} ${reason}`]
    )
  )

/** The demo on a free port, with its data in `dataDir`. */
export const startDemo = (dataDir: string, speed: number) =>
  demo({ POLL_INTERVAL_MS: "1000" }).pipe(
    Effect.provide(
      ConfigProvider.layer(
        ConfigProvider.fromUnknown({
          PORT: "0",
          SANDBOX_DIR: dataDir,
          LOG_LEVEL: "error",
          SANDBOX_SPEED: String(speed)
        })
      )
    )
  )

/** Watches the demo for a while: looks five times a second whether all that must hold does. */
export const soak = Effect.fn("soak")(function* (demo: Demo, options: Options) {
  const words: Words = { approved: [], answered: [] }
  const problems = new Set<string>()
  const reasons: Array<string> = []
  const most: Record<string, number> = {}
  const stray = new Set(
    seenIssues(demo).flatMap(({ identifier, labels }) => (labels.includes("AI-Working") ? identifier : []))
  )
  let samples = 0

  const look = Effect.gen(function* () {
    const seen: Sample = yield* sample(demo)
    samples += 1
    for (const problem of [
      ...labelProblems(seen, stray),
      ...capacityProblems(seen, stray),
      ...orderProblems(seen),
      ...reasonProblems(seen, pickupLabel)
    ]) {
      problems.add(problem)
    }
    for (const team of teams) {
      const live = seen.before.dispatches.filter(({ kind, teamKey }) => kind === null && teamKey === team)
      most[team] = Math.max(most[team] ?? 0, live.length)
    }
    for (const { reason } of seen.before.decisions) {
      if (reason !== null && !reasons.includes(reason._tag)) reasons.push(reason._tag)
    }
  })

  demo.linear.control.setBudget({ requests: plenty, complexity: plenty })
  yield* demo.github.setBudget(plenty)
  yield* Effect.forkScoped(people(demo, words))
  if (options.feed !== null) yield* Effect.forkScoped(feed(demo, options.feed))
  const end = (yield* Clock.currentTimeMillis) + options.millis
  yield* Effect.repeat(look, {
    while: () => Effect.map(Clock.currentTimeMillis, (now) => now < end),
    schedule: Schedule.spaced("200 millis")
  })

  const last = yield* snapshot(demo.sql)
  const names = new Map(seenIssues(demo).map(({ id, identifier }) => [id, identifier]))
  const summary: Summary = {
    ...words,
    samples,
    problems: [...problems, ...doubles(demo, last)],
    violations: [demo.linear.control, demo.github.control, demo.fly.control].flatMap((one) =>
      one.violations()
    ),
    most,
    ends: endsOf(last),
    reasons: tally(reasons),
    parked: last.failures.flatMap(({ issueId, parkedAt }) =>
      parkedAt === null ? [] : (names.get(issueId) ?? issueId)
    )
  }
  return summary
}, Effect.scoped)
