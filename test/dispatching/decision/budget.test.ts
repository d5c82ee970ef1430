import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import type { Budget, UpstreamState } from "../../../src/domain/Overview.ts"
import { downBackends, lowBudget, nextInterval, minGap } from "../../../src/dispatching/decision/budget.ts"
import { hours, millis, minutes, now } from "../../support/builders.ts"

const budget = (changes: Partial<Budget> = {}): Budget => ({
  kind: "requests",
  limit: 2500,
  remaining: 2500,
  resetAt: hours(1),
  ...changes
})

const upstream = (changes: Partial<UpstreamState> = {}): UpstreamState => ({
  name: "linear",
  state: "ok",
  since: now,
  error: null,
  budgets: [],
  ...changes
})

describe("a low budget", () => {
  const table: ReadonlyArray<readonly [string, Partial<Budget>, boolean]> = [
    ["is one below a twentieth", { remaining: 124 }, true],
    ["is not one at a twentieth", { remaining: 125 }, false],
    ["is any kind of budget", { kind: "complexity", limit: 3_000_000, remaining: 0 }, true],
    ["holds to the last millisecond before its reset", { remaining: 0, resetAt: millis(1) }, true],
    ["ends with its reset", { remaining: 0, resetAt: now }, false]
  ]
  for (const [name, changes, low] of table) {
    it(name, () => {
      const { resetAt, ...rest } = budget(changes)
      assert.deepStrictEqual(
        lowBudget([upstream({ name: "github", budgets: [budget(), { ...rest, resetAt }] })], now),
        low ? { upstream: "github", until: resetAt } : null
      )
    })
  }

  it("of Linear, which refills all the time, ends long before its reset", () => {
    const until = (changes: Partial<Budget>) =>
      lowBudget([upstream({ budgets: [budget(changes)] })], now)?.until
    assert.deepStrictEqual(until({ remaining: 0 }), minutes(3))
    assert.deepStrictEqual(until({ remaining: 100 }), millis(37_500))
    assert.deepStrictEqual(until({ remaining: 0, resetAt: hours(24) }), minutes(5))
    assert.isUndefined(until({ remaining: 125 }))
  })

  it("is the one that is freed last when several are low", () => {
    const spent = (minute: number) => budget({ remaining: 0, resetAt: minutes(minute) })
    assert.deepStrictEqual(
      lowBudget(
        [
          upstream({ budgets: [spent(5), spent(20)] }),
          upstream({ name: "github", budgets: [spent(30), spent(1)] })
        ],
        now
      ),
      { upstream: "github", until: minutes(30) }
    )
  })
})

it("Fly's limit of one second blocks nothing", () => {
  const spent = upstream({ name: "fly", budgets: [budget({ limit: 1, remaining: 0 })] })
  assert.isNull(lowBudget([spent], now))
})

describe("an upstream that is down", () => {
  it("is named with its start; degraded or off is not down", () => {
    const states = (state: UpstreamState["state"]) => [
      upstream(),
      upstream({ name: "github", state, since: minutes(-3) })
    ]
    assert.deepStrictEqual(downBackends(states("down")), { github: minutes(-3), fly: null })
    for (const state of ["ok", "degraded", "off"] as const) {
      assert.deepStrictEqual(downBackends(states(state)), { github: null, fly: null })
    }
  })
})

describe("the interval to the next pass", () => {
  const minute = Duration.minutes(1)
  const table: ReadonlyArray<{
    readonly name: string
    readonly budget: Partial<Budget> | null
    readonly requests?: number
    readonly spentBefore?: number
    readonly expected: Duration.Duration
  }> = [
    { name: "is the configured one while nothing is known", budget: null, expected: minute },
    { name: "is the configured one with a full budget", budget: {}, expected: minute },
    { name: "is the configured one when it just suffices", budget: { remaining: 75 }, expected: minute },
    { name: "stretches below that", budget: { remaining: 74 }, expected: Duration.millis(3_600_000 / 59) },
    {
      name: "stretches with the pages of a pass",
      budget: {},
      requests: 100,
      expected: Duration.minutes(3)
    },
    {
      name: "does not stretch when a pass asks nothing",
      budget: { remaining: 0 },
      requests: 0,
      expected: minute
    },
    {
      name: "is a minute when not one pass is left, though the reset is an hour away",
      budget: { remaining: 1 },
      expected: minute
    },
    {
      name: "doubles while nothing is left",
      budget: { remaining: -5 },
      spentBefore: 2,
      expected: Duration.minutes(4)
    },
    {
      name: "is at most five minutes while nothing is left",
      budget: { remaining: 0 },
      spentBefore: 20,
      expected: Duration.minutes(5)
    },
    {
      name: "is at most five minutes while little is left",
      budget: { remaining: 10 },
      expected: Duration.minutes(5)
    },
    {
      name: "is never shorter than the configured one",
      budget: { remaining: 0, resetAt: millis(1) },
      expected: minute
    },
    {
      name: "is the configured one once the budget was reset",
      budget: { remaining: 0, resetAt: now },
      expected: minute
    }
  ]
  for (const row of table) {
    it(row.name, () => {
      const budgets = row.budget === null ? [] : [budget(row.budget)]
      const states = [
        upstream({ name: "github", budgets: [budget({ remaining: 0 })] }),
        upstream({ budgets })
      ]
      const interval = nextInterval(minute, states, row.requests ?? 1, now, row.spentBefore)
      assert.strictEqual(Duration.toMillis(interval), Duration.toMillis(row.expected))
    })
  }
})

describe("a pass that is asked for", () => {
  const table: ReadonlyArray<readonly [string, Partial<Budget> | null, Duration.Duration]> = [
    ["comes at once while nothing is known", null, Duration.zero],
    ["comes at once while more than half of the budget is left", { remaining: 1251 }, Duration.zero],
    ["is kept to what is left from half on", { remaining: 1250 }, Duration.millis(3_600_000 / 1000)],
    ["waits a minute when nothing is left", { remaining: 0 }, Duration.minutes(1)],
    ["waits no longer than the reset", { remaining: 0, resetAt: millis(500) }, Duration.millis(500)],
    ["comes at once after the reset", { remaining: 0, resetAt: now }, Duration.zero]
  ]
  for (const [name, changes, expected] of table) {
    it(name, () => {
      const states = [upstream({ budgets: changes === null ? [] : [budget(changes)] })]
      assert.strictEqual(Duration.toMillis(minGap(states, 1, now)), Duration.toMillis(expected))
    })
  }
})
