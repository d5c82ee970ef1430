import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import { EventLimits, Events, type FeedMessage } from "../../src/messaging/Events.ts"
import { insertDispatch } from "../support/dispatchRow.ts"
import { TestDb } from "../support/TestDb.ts"

/** Another process on the same database. */
const replica = Effect.map(Layer.build(Layer.fresh(Events.layer)), (services) =>
  Context.get(services, Events)
)

const set = Effect.fnUntraced(function* (name: string) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`insert into settings (name, value, updated_at) values (${name}, 'x', now())`
})

const brief = (message: FeedMessage) => (message._tag === "change" ? message.event.subject : message._tag)

const watch = Effect.fnUntraced(function* (events: Events["Service"], after: number | null = null) {
  const stream = yield* events.watch(after)
  const pull = yield* Stream.toPull(stream)
  const buffer: Array<FeedMessage> = []
  /** The next `count` messages. */
  const next = Effect.fnUntraced(function* (count: number) {
    while (buffer.length < count) buffer.push(...(yield* pull))
    return buffer.splice(0, count)
  }, Effect.timeout("20 seconds"))
  return { next, briefly: (count: number) => Effect.map(next(count), (messages) => messages.map(brief)) }
})

const idOf = (message: FeedMessage | undefined) =>
  message === undefined ? 0 : message._tag === "change" ? message.event.id : message.id

describe("the event feed", () => {
  it.live("sends each change once, when its transaction commits", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { next } = yield* watch(yield* replica)
      const id = yield* insertDispatch().pipe(
        Effect.tap(
          (id) => sql`insert into dispatch_events (dispatch_id, at, type, message, facts)
            values (${id}, now(), 'reserved', 'Reserved', '{}')`
        ),
        sql.withTransaction
      )
      yield* sql`update dispatches set workflow_checked_at = now() where id = ${id}`
      yield* sql`update dispatches set status = 'stopping' where id = ${id}`
      yield* Effect.ignore(sql.withTransaction(Effect.andThen(set("taken_back"), Effect.fail("no"))))
      yield* set("last")
      const [, reserved, stopping, last] = yield* next(4)
      for (const [message, status] of [
        [reserved, "running"],
        [stopping, "stopping"]
      ] as const) {
        assert(message?._tag === "change")
        assert.deepInclude(message.event, { type: "dispatch", subject: id })
        assert.deepInclude(message.event.data, { issueIdentifier: "ENG-1", teamKey: "ENG", status })
      }
      assert.strictEqual(last && brief(last), "last")
    }).pipe(Effect.scoped, Effect.provide(TestDb))
  )

  it.live("keeps the order of commits, whichever transaction began first", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { briefly } = yield* watch(yield* replica)
      const [wrote, commit] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const slow = yield* set("first_to_write").pipe(
        Effect.andThen(Deferred.succeed(wrote, undefined)),
        Effect.andThen(Deferred.await(commit)),
        sql.withTransaction,
        Effect.forkChild
      )
      yield* Deferred.await(wrote)
      yield* set("first_to_commit")
      assert.deepStrictEqual(yield* briefly(2), ["hello", "first_to_commit"])
      yield* Deferred.succeed(commit, undefined)
      yield* Fiber.join(slow)
      assert.deepStrictEqual(yield* briefly(1), ["first_to_write"])
    }).pipe(Effect.scoped, Effect.provide(TestDb))
  )

  it.live("sends every event in order while many transactions commit at once", () =>
    Effect.gen(function* () {
      const names = Array.from({ length: 200 }, (_, index) => `setting_${index}`)
      const { next } = yield* watch(yield* replica)
      yield* Effect.forEach(names, set, { concurrency: 5 })
      const [, ...changes] = yield* next(201)
      assert.sameMembers(changes.map(brief), names)
      const ids = changes.map(idOf)
      assert.deepStrictEqual(
        ids,
        ids.toSorted((a, b) => a - b)
      )
    }).pipe(Effect.scoped, Effect.provide(TestDb))
  )

  it.live("resumes after the last event seen, on another replica and after a restart", () =>
    Effect.gen(function* () {
      const seen = yield* Effect.gen(function* () {
        const { next } = yield* watch(yield* replica)
        yield* set("a")
        return yield* next(2)
      }).pipe(Effect.scoped)
      yield* set("b")
      const other = yield* watch(yield* replica, idOf(seen[1]))
      yield* set("c")
      assert.deepStrictEqual(yield* other.briefly(3), ["hello", "b", "c"])
    }).pipe(Effect.scoped, Effect.provide(TestDb))
  )

  it.live("sends a reset to a watcher that missed more than is buffered or comes from another database", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      for (let n = 0; n < 5; n++) yield* set(`old_${n}`)
      const events = yield* replica
      const ids = (yield* sql`select id from events order by id`).map(({ id }) => Number(id))
      const begin = Effect.fnUntraced(function* (after: number) {
        const { next } = yield* watch(events, after)
        const [hello, second] = yield* next(2)
        return [hello && brief(hello), second && brief(second), idOf(second)]
      }, Effect.scoped)
      const newest = ids[4] ?? 0
      assert.deepStrictEqual(yield* begin(ids[2] ?? 0), ["hello", "old_3", ids[3]])
      assert.deepStrictEqual(yield* begin(ids[0] ?? 0), ["hello", "reset", newest])
      assert.deepStrictEqual(yield* begin(newest + 1), ["hello", "reset", newest])
      yield* sql`delete from events where id <= ${ids[3] ?? 0}`
      assert.deepStrictEqual(yield* begin(ids[2] ?? 0), ["hello", "reset", newest])
      assert.deepStrictEqual(yield* begin(ids[3] ?? 0), ["hello", "old_4", newest])
    }).pipe(
      Effect.scoped,
      Effect.provide([TestDb, Layer.succeed(EventLimits, { maxBuffered: 3, maxWatchers: 9 })])
    )
  )

  it.live("sends a reset to a slow watcher, while others receive every event", () =>
    Effect.gen(function* () {
      const events = yield* replica
      const [slow, quick] = [yield* watch(events), yield* watch(events)]
      assert.deepStrictEqual(yield* slow.briefly(1), ["hello"])
      assert.deepStrictEqual(yield* quick.briefly(1), ["hello"])
      for (let n = 0; n < 6; n++) {
        yield* set(`x_${n}`)
        assert.deepStrictEqual(yield* quick.briefly(1), [`x_${n}`])
      }
      assert.deepStrictEqual(yield* slow.briefly(1), ["reset"])
      yield* set("after")
      assert.deepStrictEqual(yield* slow.briefly(1), ["after"])
    }).pipe(
      Effect.scoped,
      Effect.provide([TestDb, Layer.succeed(EventLimits, { maxBuffered: 3, maxWatchers: 9 })])
    )
  )

  it.live("reconnects after the database closed every connection", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { briefly } = yield* watch(yield* replica)
      yield* set("before")
      assert.deepStrictEqual(yield* briefly(2), ["hello", "before"])
      yield* Effect.ignore(sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`)
      yield* Effect.retry(set("meanwhile"), { times: 10 })
      assert.deepStrictEqual(yield* briefly(1), ["meanwhile"])
    }).pipe(Effect.scoped, Effect.provide(TestDb))
  )

  it.live("limits the watchers, and frees a place when a scope closes", () =>
    Effect.gen(function* () {
      const events = yield* replica
      yield* Effect.scoped(watch(events))
      yield* watch(events)
      const refused = yield* Effect.flip(Effect.scoped(events.watch(null)))
      assert.strictEqual(refused._tag, "TooManyWatchers")
    }).pipe(
      Effect.scoped,
      Effect.provide([TestDb, Layer.succeed(EventLimits, { maxBuffered: 3, maxWatchers: 1 })])
    )
  )
})
