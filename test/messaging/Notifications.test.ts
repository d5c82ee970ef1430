import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { Notifications } from "../../src/messaging/Notifications.ts"
import type { Notice } from "../../src/messaging/Notifications/Notice.ts"
import { OutboxRepo } from "../../src/messaging/Notifications/OutboxRepo.ts"
import { NotificationPolicy } from "../../src/messaging/Notifications/policy.ts"
import { Overview } from "../../src/operations/Overview.ts"
import { type Action, serve } from "../../src/sandbox/Upstream.ts"
import { Signals } from "../../src/platform/Signals.ts"
import { closedPort } from "../support/closedPort.ts"
import { config } from "../support/config.ts"
import { operator, start } from "../support/engine.ts"
import { eventually } from "../support/eventually.ts"
import { TestDb } from "../support/TestDb.ts"

const secretPath = "/services/T000/B000/very-secret?sig=very-secret"

const notice = (headline: string): Notice => ({
  kind: "started",
  headline,
  title: "Add a logo",
  text: null,
  links: [],
  page: null
})

const quick = {
  interval: Duration.millis(50),
  timeout: Duration.seconds(3),
  retryBase: Duration.millis(10),
  retryMax: Duration.millis(20),
  maxAttempts: 3
}

/** A messenger that records what it receives. */
const messenger = Effect.gen(function* () {
  const received: Array<{ readonly text: string; readonly path: string }> = []
  const { control, url } = yield* serve({
    name: "messenger",
    handler: ({ body, url }) =>
      Effect.sync(() => {
        const { text, type } = JSON.parse(body)
        received.push({ text: text ?? type, path: url.pathname + url.search })
        return { status: 200, body: "ok" }
      })
  })
  return { control, received, url: url + secretPath }
})

const signals = Layer.succeed(
  Signals,
  Signals.of({ notify: () => Effect.void, subscribe: () => Effect.succeed(Effect.never) })
)

const withNotifications = (env: Record<string, string>) =>
  Layer.build(
    Layer.fresh(
      Notifications.layer.pipe(
        Layer.provideMerge(OutboxRepo.layer),
        Layer.provideMerge(Layer.mergeAll(TestDb, signals, config(env), NodeCrypto.layer))
      )
    )
  ).pipe(
    Effect.map((services) => ({
      ...Context.get(services, Notifications),
      add: (key: string) => Effect.orDie(Context.get(services, OutboxRepo).add(key, notice(key))),
      rows: Effect.orDie(
        Context.get(services, SqlClient.SqlClient)`select key, state, attempts, last_error,
          (extract(epoch from next_at) * 1000)::float8 as next_at from notifications order by id`
      )
    }))
  )

describe("a notification", () => {
  it.effect("is sent once for each key, in order, to the webhook's full address", () =>
    Effect.gen(function* () {
      const { received, url } = yield* messenger
      const { add, deliver, rows } = yield* withNotifications({ NOTIFY_WEBHOOK_URL: url })
      for (const key of ["a", "b", "a"]) yield* add(key)
      yield* deliver
      yield* deliver
      assert.deepStrictEqual(received, [
        { text: "▶️ a", path: secretPath },
        { text: "▶️ b", path: secretPath }
      ])
      for (const row of yield* rows) assert.deepInclude(row, { state: "sent", attempts: 1, lastError: null })
    })
  )

  it.effect("is a card for NOTIFY_TYPE teams", () =>
    Effect.gen(function* () {
      const { received, url } = yield* messenger
      const { add, deliver } = yield* withNotifications({ NOTIFY_TYPE: "teams", NOTIFY_WEBHOOK_URL: url })
      yield* add("a")
      yield* deliver
      assert.deepStrictEqual(received, [{ text: "message", path: secretPath }])
    })
  )

  it.effect("is not stored while no webhook is set", () =>
    Effect.gen(function* () {
      const { add, deliver, rows, test } = yield* withNotifications({})
      yield* add("a")
      yield* deliver
      assert.lengthOf(yield* rows, 0)
      assert.include((yield* Effect.flip(test)).message, "NOTIFY_WEBHOOK_URL")
    })
  )

  const faults: ReadonlyArray<readonly [name: string, action: Action, error: string]> = [
    ["fails", { _tag: "status", status: 500 }, "Slack refused the notification (500)."],
    ["does not know the webhook", { _tag: "status", status: 404, body: secretPath }, "no such webhook"],
    ["cannot read the message", { _tag: "status", status: 400 }, "NOTIFY_TYPE"],
    [
      "redirects",
      { _tag: "status", status: 302, headers: { location: "http://127.0.0.1:1/" } },
      "redirects are not followed"
    ],
    ["cuts the connection", { _tag: "reset" }, "did not accept the notification"]
  ]
  for (const [name, action, error] of faults) {
    it.effect(`is set aside after eight attempts with growing waits when the messenger ${name}`, () =>
      Effect.gen(function* () {
        const { control, received, url } = yield* messenger
        const { add, deliver, rows } = yield* withNotifications({ NOTIFY_WEBHOOK_URL: url })
        control.failNext({ times: Infinity, action })
        yield* add("a")
        const pauses: Array<number> = []
        for (let attempt = 1; attempt <= 8; attempt++) {
          yield* deliver
          yield* deliver
          assert.lengthOf(control.calls(), attempt)
          const [row] = yield* rows
          assert.include(row?.["lastError"], error)
          assert.notInclude(row?.["lastError"], "secret")
          if (attempt === 8) break
          const now = DateTime.toEpochMillis(yield* DateTime.now)
          pauses.push((Number(row?.["nextAt"]) - now) / 1000)
          yield* TestClock.adjust(Number(row?.["nextAt"]) - now)
        }
        assert.deepStrictEqual(pauses, [40, 70, 130, 250, 490, 970, 1930])
        assert.deepInclude((yield* rows)[0], { state: "given_up", attempts: 8 })
        yield* TestClock.adjust("10 days")
        control.clearFaults()
        yield* deliver
        assert.lengthOf(received, 0)
      })
    )
  }

  it.effect("waits as long as the messenger asks", () =>
    Effect.gen(function* () {
      const { control, received, url } = yield* messenger
      const { add, deliver } = yield* withNotifications({ NOTIFY_WEBHOOK_URL: url })
      control.failNext({ action: { _tag: "status", status: 429, headers: { "retry-after": "300" } } })
      yield* add("a")
      yield* deliver
      yield* TestClock.adjust("299 seconds")
      yield* deliver
      assert.lengthOf(received, 0)
      yield* TestClock.adjust("1 second")
      yield* deliver
      assert.lengthOf(received, 1)
    })
  )

  it.effect("does not delay the others of its turn when it fails", () =>
    Effect.gen(function* () {
      const { control, received, url } = yield* messenger
      const { add, deliver, rows } = yield* withNotifications({ NOTIFY_WEBHOOK_URL: url })
      control.failNext({ action: { _tag: "status", status: 500 } })
      control.failNext({ action: { _tag: "status", status: 400 } })
      for (const key of ["a", "b", "c", "d"]) yield* add(key)
      yield* deliver
      assert.deepStrictEqual(
        received.map(({ text }) => text),
        ["▶️ c", "▶️ d"]
      )
      assert.deepStrictEqual(
        (yield* rows).map(({ state }) => state),
        ["pending", "pending", "sent", "sent"]
      )
    })
  )

  it.effect("ends the turn when the messenger asks for a pause", () =>
    Effect.gen(function* () {
      const { control, received, url } = yield* messenger
      const { add, deliver } = yield* withNotifications({ NOTIFY_WEBHOOK_URL: url })
      control.failNext({ action: { _tag: "status", status: 429, headers: { "retry-after": "300" } } })
      for (const key of ["a", "b"]) yield* add(key)
      yield* deliver
      assert.lengthOf(received, 0)
      assert.lengthOf(control.calls(), 1)
    })
  )

  it.live("fails when the messenger does not answer in time", () =>
    Effect.gen(function* () {
      const { control, url } = yield* messenger
      control.failNext({ action: { _tag: "hang" } })
      const { test } = yield* withNotifications({ NOTIFY_WEBHOOK_URL: url }).pipe(
        Effect.provideService(NotificationPolicy, { ...quick, timeout: Duration.millis(100) })
      )
      assert.include((yield* Effect.flip(test)).message, "no answer within 0.1 s")
    })
  )

  it.live("fails with the network error when nothing listens", () =>
    Effect.gen(function* () {
      const { test } = yield* withNotifications({ NOTIFY_WEBHOOK_URL: (yield* closedPort) + secretPath })
      assert.include((yield* Effect.flip(test)).message, "ECONNREFUSED")
    })
  )
})

describe("the notifications of a dispatch", () => {
  it.live("report its start and its end", () =>
    Effect.gen(function* () {
      const { received, url } = yield* messenger
      const engine = yield* start({ env: { NOTIFY_WEBHOOK_URL: url, PUBLIC_URL: "https://ai.test" } })
      const texts = (count: number) =>
        eventually(
          `${count} notifications`,
          Effect.sync(() => received.map(({ text }) => text)),
          ({ length }) => length === count
        )
      const identifier = engine.issue()
      const running = yield* engine.dispatched(identifier)
      yield* texts(1)
      yield* engine.deliver(running)
      assert.deepStrictEqual(yield* texts(2), [
        `▶️ ${identifier}: the implementation has started`,
        `✅ ${identifier}: the pull request is ready for review`
      ])
    })
  )

  it.live("report a plan to approve and a parked issue", () =>
    Effect.gen(function* () {
      const { received, url } = yield* messenger
      const { candidates, deliverPlan, dispatched, issue, settled, sql, waitsFor } = yield* start({
        env: { NOTIFY_WEBHOOK_URL: url },
        mapping: { planningEnabled: true, autoApprovePlans: false }
      })
      const identifier = issue()
      const planning = yield* dispatched(identifier)
      yield* eventually(
        "the start notification",
        Effect.sync(() => received.length),
        (count) => count === 1
      )
      yield* deliverPlan(planning)
      yield* settled(identifier)
      yield* waitsFor(identifier, "waiting_approval")
      yield* sql`insert into plans (id, issue_id, documents, finished_at, verdict, verdict_at)
        select ('00000000-0000-7000-8000-00000000000' || n)::uuid, issue_id, '[]', now(), 'rejected', now()
        from plans, generate_series(1, 4) as n`
      yield* candidates.reject(identifier, "Too large.", operator)
      yield* eventually(
        "three notifications",
        Effect.sync(() => received.map(({ text }) => text)),
        (texts) => texts.length === 3
      )
      assert.deepStrictEqual(
        received.map(({ text }) => text),
        [
          `▶️ ${identifier}: the planning has started`,
          `🖐️ ${identifier}: the plan is ready and waits for approval`,
          `🅿️ ${identifier}: parked`
        ]
      )
    })
  )

  it.live("do not delay it while the messenger fails, and are counted as set aside", () =>
    Effect.gen(function* () {
      const { control, url } = yield* messenger
      control.failNext({ times: Infinity, action: { _tag: "status", status: 500 } })
      const engine = yield* start({ env: { NOTIFY_WEBHOOK_URL: url } }).pipe(
        Effect.provideService(NotificationPolicy, quick)
      )
      const identifier = engine.issue()
      yield* engine.deliver(yield* engine.dispatched(identifier))
      assert.strictEqual((yield* engine.settled(identifier)).status, "succeeded")
      assert.deepStrictEqual([...engine.labels(identifier)], ["AI-Implement", "Ready for Review"])
      const overview = yield* Layer.build(Overview.layer).pipe(
        Effect.map(Context.get(Overview)),
        Effect.provide(engine.services)
      )
      const { notifications } = yield* eventually(
        "both are set aside",
        overview.get,
        ({ notifications }) => notifications.setAside === 2,
        20
      )
      assert.deepStrictEqual(notifications, {
        pending: 0,
        setAside: 2,
        lastError: "Slack refused the notification (500)."
      })
      assert.lengthOf(control.calls(), 6)
    })
  )
})
