import * as PgClient from "@effect/sql-pg/PgClient"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Predicate from "effect/Predicate"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as References from "effect/References"
import * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import { Dispatches } from "../../src/dispatching/dispatches/Dispatches.ts"
import { Passes } from "../../src/dispatching/poller/Passes.ts"
import { Shutdown } from "../../src/http/Shutdown.ts"
import { Database } from "../../src/platform/Sql/Database.ts"
import { connection } from "../support/TestDb.ts"
import { client, send, server } from "../support/httpServer.ts"
import { dispatch } from "../support/apiSamples.ts"

const idle = { state: "idle", holder: null, lastPass: null, lastGoodAt: null, nextAt: null } as const

const quietly = Effect.provideService(References.MinimumLogLevel, "None")

describe("health", () => {
  for (const [title, failing, ...statuses] of [
    ["is degraded while passes fail, and the service stays ready", true, 503, 200],
    ["is ok after a good pass", false, 200, 200]
  ] as const) {
    it.effect(title, () =>
      Effect.gen(function* () {
        const health = yield* send("/health")
        const ready = yield* send("/health/ready")
        assert.deepStrictEqual([health.status, ready.status], statuses)
        for (const { json } of [health, ready]) {
          assert.deepStrictEqual(json, {
            status: failing ? "degraded" : "ok",
            database: "ok",
            poller: { state: "idle", failing, lastGoodAt: null },
            upstreams: []
          })
        }
      }).pipe(
        Effect.provide(
          server({}, Layer.mock(Passes, { state: Effect.succeed(idle), failing: Effect.succeed(failing) }))
        )
      )
    )
  }
})

describe("a request", () => {
  it.effect("that meets a defect gets a trace id and nothing else", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const sql = yield* SqlClient.SqlClient
      yield* sql`insert into settings (name, value, updated_at) values ('runner_mode', 'gha', now())`
      yield* sql`alter table settings rename column value to other`
      const answer = yield* call("GET", "/api/runner-mode")
      assert.strictEqual(answer.status, 500)
      assert.match(
        answer.body,
        /^\{"_tag":"Defect","error":"Something went wrong here\. The log has the details under [0-9a-f]{32}\.","traceId":"[0-9a-f]{32}"\}$/
      )
      assert.property(answer.headers, "content-security-policy")
    }).pipe(Effect.provide(server()), quietly)
  )

  it.effect("that meets a defect gets an id of its own, which the log has too, where nothing is traced", () =>
    Effect.gen(function* () {
      const logged: Array<unknown> = []
      const log = Logger.make<unknown, void>(({ fiber }) => {
        logged.push(fiber.getRef(References.CurrentLogAnnotations)["traceId"])
      })
      const answers = yield* Effect.gen(function* () {
        const { call } = yield* client
        const sql = yield* SqlClient.SqlClient
        yield* sql`insert into settings (name, value, updated_at) values ('runner_mode', 'gha', now())`
        yield* sql`alter table settings rename column value to other`
        return [yield* call("GET", "/api/runner-mode"), yield* call("GET", "/api/runner-mode")]
      }).pipe(
        Effect.provide(Layer.provideMerge(server(), Logger.layer([log]))),
        Effect.provideService(References.TracerEnabled, false)
      )
      const ids = answers.map(({ json }) => (Predicate.hasProperty(json, "traceId") ? json.traceId : null))
      for (const id of ids) assert.match(String(id), /^[0-9a-f]{32}$/)
      assert.lengthOf(new Set(ids), 2)
      assert.includeMembers(logged, ids)
    })
  )

  it.live("gets 503 while the database does not answer, and health says so", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const { location: name } = yield* Database
      const admin = yield* PgClient.makeClient({ ...connection(), database: "postgres" })
      yield* admin`alter database ${admin(name)} with allow_connections false`
      yield* admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`
      const answer = yield* call("GET", "/api/mappings")
      assert.strictEqual(answer.status, 503, answer.body)
      assert.include(answer.body, "DatabaseUnavailable")
      for (const [path, status] of [
        ["/health/live", 200],
        ["/health/ready", 503],
        ["/health", 503]
      ] as const) {
        const health = yield* send(path)
        assert.strictEqual(health.status, status, path)
        if (status === 503) {
          assert.deepStrictEqual(health.json, {
            status: "degraded",
            database: "down",
            poller: null,
            upstreams: null
          })
        }
      }
    }).pipe(Effect.provide([server(), Reactivity.layer]), quietly)
  )

  it.live("that runs when the service stops is answered before it stops", () =>
    Effect.gen(function* () {
      const [asked, logAndContinue] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const slow = Layer.mock(Dispatches, {
        get: () =>
          Effect.gen(function* () {
            yield* Deferred.succeed(asked, undefined)
            yield* Deferred.await(logAndContinue)
            return dispatch(1)
          })
      })
      const scope = yield* Scope.make()
      const services = yield* Layer.build(server({}, slow)).pipe(Scope.provide(scope))
      const running = yield* Effect.flatMap(client, ({ call }) =>
        call("GET", `/api/dispatches/${dispatch(1).id}`)
      ).pipe(Effect.provideContext(services), Effect.forkChild)
      yield* Deferred.await(asked)
      const stopping = yield* Effect.forkChild(Scope.close(scope, Exit.void))
      yield* Deferred.await(Context.get(services, Shutdown).begun)
      yield* Deferred.succeed(logAndContinue, undefined)
      assert.strictEqual((yield* Fiber.join(running)).status, 200)
      yield* Fiber.join(stopping)
    })
  )
})
