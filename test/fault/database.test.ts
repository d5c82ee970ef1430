import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { start } from "../support/engine.ts"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as client from "../../src/platform/Sql/client.ts"
import { eventually } from "../support/eventually.ts"
import { hold } from "../support/hold.ts"
import { connection } from "../support/TestDb.ts"

/** Another database of the server, from which this one can be closed. */
const elsewhere = Layer.build(
  client.layer({ ...connection(), database: "postgres", maxConnections: 1 })
).pipe(Effect.map(Context.get(SqlClient.SqlClient)))

describe("when the database is away while a step of a dispatch is performed", () => {
  it.live("the step's result waits for it, and the dispatch settles once it is back", () =>
    Effect.gen(function* () {
      const server = yield* elsewhere
      const { attempts, comments, issue, linear, pass, sql } = yield* start({
        timeoutMillis: 20_000,
        github: { agent: "auto", speed: 20 }
      })
      const identifier = issue()
      const held = hold(linear, "mutation Comment")
      yield* pass
      yield* held
      const [{ name = "" } = {}] = yield* sql<{ name: string }>`select current_database() as name`
      const allow = (allowed: boolean) =>
        server`alter database ${server(name)} allow_connections ${server.literal(String(allowed))}`
      yield* Effect.acquireRelease(allow(false), () => Effect.orDie(allow(true)))
      yield* server`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`
      linear.letGo()
      yield* eventually(
        "the comment is there",
        Effect.sync(() => comments(identifier)),
        ({ length }) => length === 1
      )
      yield* Effect.delay(allow(true), "3 seconds")
      yield* eventually(
        "the dispatch settles",
        Effect.orElseSucceed(attempts(identifier), () => []),
        ([only]) => only?.settledAt != null,
        30
      )
      assert.lengthOf(comments(identifier), 1)
    })
  )
})

describe("when every connection to the database is cut repeatedly", () => {
  it.live("each of 12 issues is dispatched once and delivered, and passes continue", () =>
    Effect.gen(function* () {
      const { attempts, comments, github, issue, labels, passes, sql } = yield* start({
        env: { POLL_INTERVAL_MS: "1000" },
        mapping: { maxInProgressAiIssues: 5 },
        github: { agent: "auto", speed: 20 }
      })
      const issues = Array.from({ length: 12 }, () => issue())
      const cut = sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`
      const settled = sql`select 1 from dispatches where settled_at is not null`.pipe(
        Effect.map(({ length }) => length),
        Effect.orElseSucceed(() => 0)
      )
      for (const enough of [1, 4, 8]) {
        yield* eventually(`${enough} have settled`, settled, (count) => count >= enough, 40)
        yield* Effect.ignore(cut)
      }
      yield* eventually("all have settled", settled, (count) => count === issues.length, 60)
      for (const identifier of issues) {
        const [only, ...others] = yield* attempts(identifier)
        assert.strictEqual(only?.status, "succeeded")
        assert.lengthOf(others, 0)
        assert.lengthOf(comments(identifier), 1)
        assert.deepStrictEqual([...labels(identifier)], ["AI-Implement", "Ready for Review"])
      }
      assert.lengthOf(github.runs(), issues.length)
      const id = yield* passes.request("test")
      yield* eventually(
        "a pass that was asked for comes",
        sql`select 1 from passes where id = ${id} and ok`,
        ({ length }) => length === 1
      )
    })
  )
})
