import { assert } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Tracker } from "../../../src/upstreams/Tracker.ts"
import { live, LocalLinear, pickup } from "../../support/linearClient.ts"
import { UpstreamCalls } from "../../support/upstreamsDouble.ts"

live(
  "a page with everything is one request and stays far below what one query may cost",
  Effect.gen(function* () {
    const { control } = yield* LocalLinear
    const tracker = yield* Tracker
    const identifiers = Array.from({ length: 60 }, (_, n) =>
      control.createIssue({ team: "ENG", title: `Issue ${n}`, labels: [pickup] })
    )
    const tracked = control
      .issues()
      .slice(0, 50)
      .map(({ id }) => id)
    const { candidates, endCursor, ...more } = yield* tracker.page({
      pickupLabel: pickup,
      first: 50,
      after: null,
      tracked
    })
    assert.lengthOf(candidates, 50)
    assert.isNotNull(endCursor)
    assert.deepStrictEqual(more.tracked.map(({ id }) => id).toSorted(), tracked.toSorted())
    assert.lengthOf(control.calls(), 1)
    const spent = (yield* UpstreamCalls).budgets.get("linear")?.find(({ kind }) => kind === "complexity")
    assert.isBelow((spent?.limit ?? 0) - (spent?.remaining ?? 0), 5000)
    const rest = yield* tracker.page({ pickupLabel: pickup, first: 50, after: endCursor, tracked })
    assert.lengthOf(rest.candidates, identifiers.length - 50)
    assert.deepStrictEqual(rest.tracked, [])
  })
)

const nextMillisecond = Effect.flatMap(Clock.currentTimeMillis, (now) =>
  Effect.repeat(Clock.currentTimeMillis, { until: (later) => later > now })
)

live(
  "a blocker behind five other relations is found; further ones are only announced",
  Effect.gen(function* () {
    const { control } = yield* LocalLinear
    const tracker = yield* Tracker
    const make = (title: string, more: object = {}) => control.createIssue({ team: "ENG", title, ...more })
    const ended = Array.from({ length: 6 }, (_, n) => make(`ended ${n}`, { state: "completed" }))
    const open = Array.from({ length: 6 }, (_, n) => make(`open ${n}`))
    const hidden = make("hidden", { labels: [pickup] })
    control.block(hidden, open[0] ?? "")
    yield* nextMillisecond
    for (const by of ended) control.block(hidden, by)
    const free = make("free", { labels: [pickup], blockedBy: ended })
    const many = make("many", { labels: [pickup], blockedBy: open })
    const { candidates } = yield* tracker.page({ pickupLabel: pickup, first: 10, after: null, tracked: [] })
    const seen = Object.fromEntries(
      candidates.map(({ identifier, blockedBy, moreBlockers }) => [
        identifier,
        [blockedBy.map((blocker) => blocker.identifier).length, moreBlockers]
      ])
    )
    assert.deepStrictEqual(seen, { [hidden]: [1, false], [free]: [0, false], [many]: [5, true] })
    assert.lengthOf(control.calls(), 2)
  })
)

live(
  "an issue carries what the pass decides by",
  Effect.gen(function* () {
    const { control } = yield* LocalLinear
    const identifier = control.createIssue({
      team: "ENG",
      title: "Add search",
      description: "By title.",
      priority: 2,
      labels: [pickup, "Bug"],
      state: "Backlog"
    })
    const issue = yield* (yield* Tracker).get(identifier.toLowerCase())
    assert.deepInclude(issue, {
      identifier,
      title: "Add search",
      description: "By title.",
      priority: 2,
      labels: [pickup],
      blockedBy: []
    })
    assert.deepInclude(issue.state, { name: "Backlog", type: "backlog" })
    assert.strictEqual(issue.team.key, "ENG")
    assert.include(issue.url, identifier)
  })
)
