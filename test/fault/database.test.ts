import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { start as startEngine } from "../support/engine.ts"
import { externalScene } from "./external.ts"
import { assertExactlyOnce } from "./flows.ts"
import { bringPeople } from "./people.ts"
import { type Scene, start } from "../support/scene.ts"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as client from "../../src/platform/Sql/client.ts"
import { eventually } from "../support/eventually.ts"
import { hold } from "../support/hold.ts"
import { connection } from "../support/TestDb.ts"

/** Takes a database away while the effect runs and for 3 s more. */
const away = Effect.fnUntraced(function* <A, E, R>(name: string, meanwhile: Effect.Effect<A, E, R>) {
  const server = yield* Effect.map(
    Layer.build(client.layer({ ...connection(), database: "postgres", maxConnections: 1 })),
    Context.get(SqlClient.SqlClient)
  )
  const allow = (allowed: boolean) =>
    server`alter database ${server(name)} allow_connections ${server.literal(String(allowed))}`
  yield* Effect.acquireRelease(allow(false), () => Effect.orDie(allow(true)))
  yield* server`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`
  yield* meanwhile
  yield* Effect.delay(allow(true), "3 seconds")
}, Effect.scoped)

const commentsOf = ({ linear }: Scene, identifier: string) =>
  linear.issueByIdentifier(identifier)?.comments.length ?? 0

describe("when the database is away while a step of a dispatch is performed", () => {
  it.live("the step's result waits for it, and the dispatch settles once it is back", () =>
    Effect.gen(function* () {
      const { attempts, comments, issue, linear, pass, sql } = yield* startEngine({
        timeoutMillis: 20_000,
        github: { agent: "auto", speed: 20 }
      })
      const identifier = issue()
      const held = hold(linear, "mutation Comment")
      yield* pass
      yield* held
      const [{ name = "" } = {}] = yield* sql<{ name: string }>`select current_database() as name`
      yield* away(
        name,
        Effect.suspend(() => {
          linear.letGo()
          return eventually(
            "the comment",
            Effect.sync(() => comments(identifier).length),
            (count) => count === 1
          )
        })
      )
      yield* eventually(
        "the dispatch settles",
        Effect.orElseSucceed(attempts(identifier), () => []),
        ([only]) => only?.settledAt != null,
        30
      )
      assert.lengthOf(comments(identifier), 1)
    })
  )

  it.live("a replica takes its shards again and settles the dispatch", () =>
    Effect.gen(function* () {
      const scene = yield* externalScene()
      const [{ database = "" } = {}] = yield* scene.sql<{
        database: string
      }>`select current_database() as database`
      yield* bringPeople(scene)
      yield* start(scene.env)
      yield* scene.idle
      const held = hold(scene.linear, "mutation Comment")
      const identifier = yield* scene.label("Survives")
      yield* scene.askForPass
      yield* held
      yield* away(
        database,
        Effect.suspend(() => {
          scene.linear.letGo()
          return eventually(
            "the comment",
            Effect.sync(() => commentsOf(scene, identifier)),
            (count) => count === 1
          )
        })
      )
      yield* scene.settled(identifier, "40 seconds")
      yield* assertExactlyOnce(scene, identifier)
    })
  )
})

describe("when every connection to the database is cut repeatedly", () => {
  it.live("each of 12 issues is dispatched once and delivered, and passes continue", () =>
    Effect.gen(function* () {
      const { attempts, comments, github, issue, labels, passes, sql } = yield* startEngine({
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
