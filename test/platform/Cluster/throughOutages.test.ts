import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { PersistenceError } from "effect/cluster/ClusterError"
import * as MessageStorage from "effect/cluster/MessageStorage"
import * as ShardId from "effect/cluster/ShardId"
import * as ShardingConfig from "effect/cluster/ShardingConfig"
import * as Snowflake from "effect/cluster/Snowflake"
import * as SqlError from "effect/sql/SqlError"
import * as TestClock from "effect/testing/TestClock"
import { throughOutages } from "../../../src/platform/Cluster/throughOutages.ts"

const failure = (reason: SqlError.SqlError["reason"]) =>
  Effect.fail(new PersistenceError({ cause: new SqlError.SqlError({ reason }) }))
const away = failure(new SqlError.ConnectionError({ cause: new Error("refused"), message: "refused" }))
const rollback = failure(
  new SqlError.UnknownError({ cause: new Error("closed"), message: "closed", operation: "rollback" })
)
const twice = failure(new SqlError.ConstraintError({ cause: new Error("unique"), message: "unique" }))

const shards = [ShardId.make("default", 1)]
const reply = {} as Parameters<MessageStorage.MessageStorage["Service"]["saveReply"]>[0]

/** The engine's storage in memory, whose answers fail as given; and what it was asked. */
const storage = Effect.fnUntraced(function* () {
  const memory = yield* MessageStorage.MessageStorage
  const asked: Array<string> = []
  let failing: typeof away | null = null
  const ask = (what: string) =>
    Effect.suspend(() => {
      asked.push(what)
      return failing ?? Effect.void
    })
  return {
    asked,
    fail: (as: typeof away | null) => (failing = as),
    ...throughOutages({
      ...memory,
      saveReply: () => ask("saveReply"),
      resetShards: () => ask("resetShards"),
      unprocessedMessages: () => Effect.as(ask("unprocessedMessages"), [])
    })
  }
})

const memory = MessageStorage.layerMemory.pipe(
  Layer.provide(Snowflake.layerGenerator),
  Layer.provide(ShardingConfig.layer())
)

describe("the engine's storage", () => {
  const outages = {
    "cannot be reached": away,
    "cannot roll back": Effect.orDie(rollback)
  }
  it.effect.each(Object.entries(outages))("keeps a result until a database is back that %s", ([, outage]) =>
    Effect.gen(function* () {
      const { asked, fail, saveReply } = yield* storage()
      fail(outage)
      const saving = yield* Effect.forkChild(saveReply(reply))
      yield* TestClock.adjust("5 minutes")
      assert.isAbove(asked.length, 10)
      fail(null)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(saving)
    }).pipe(Effect.provide(memory))
  )

  it.effect("does not save a result again that the database refuses", () =>
    Effect.gen(function* () {
      const { asked, fail, saveReply } = yield* storage()
      fail(twice)
      yield* Effect.flip(saveReply(reply))
      assert.deepStrictEqual(asked, ["saveReply"])
    }).pipe(Effect.provide(memory))
  )

  it.effect("reads once more what it may have read while the database went away", () =>
    Effect.gen(function* () {
      const { asked, fail, unprocessedMessages } = yield* storage()
      yield* unprocessedMessages(shards)
      fail(away)
      yield* Effect.flip(unprocessedMessages(shards))
      fail(null)
      asked.length = 0
      yield* unprocessedMessages(shards)
      yield* unprocessedMessages(shards)
      assert.deepStrictEqual(asked, ["resetShards", "unprocessedMessages", "unprocessedMessages"])
    }).pipe(Effect.provide(memory))
  )

  it.effect("puts shards back at the next read where that failed", () =>
    Effect.gen(function* () {
      const { asked, fail, resetShards, unprocessedMessages } = yield* storage()
      fail(away)
      yield* Effect.flip(resetShards(shards))
      fail(null)
      yield* unprocessedMessages(shards)
      assert.deepStrictEqual(asked, ["resetShards", "resetShards", "unprocessedMessages"])
    }).pipe(Effect.provide(memory))
  )
})
