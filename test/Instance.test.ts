import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { Instance } from "../src/Instance.ts"
import { TestDb } from "./support/TestDb.ts"

const by = (name: string) => ({ name, session: null, address: null })
const withInstance = Effect.provide(Layer.fresh(Instance.layer.pipe(Layer.provideMerge(TestDb))))

describe("the instance", () => {
  it.effect("keeps the identity that it was given at first start", () =>
    Effect.gen(function* () {
      const { orchestratorId } = yield* Instance
      const id = yield* orchestratorId
      assert.match(id, /^[0-9a-f-]{36}$/)
      assert.strictEqual(yield* orchestratorId, id)
    }).pipe(withInstance)
  )

  it.effect("pauses with reason, name and time, keeps the first name and time, and resumes", () =>
    Effect.gen(function* () {
      const { paused, setPaused } = yield* Instance
      assert.isNull(yield* paused)
      const at = yield* DateTime.now
      yield* setPaused({ paused: true, reason: "release" }, by("Ada"))
      yield* TestClock.adjust("1 minute")
      yield* setPaused({ paused: true, reason: "long release" }, by("Grace"))
      assert.deepStrictEqual(yield* paused, { reason: "long release", by: "Ada", at })
      assert.isNull(yield* setPaused({ paused: false }, by("Grace")))
      assert.isNull(yield* paused)
      const sql = yield* SqlClient.SqlClient
      const audit = yield* sql`select action, actor_name from audit order by id`
      assert.deepStrictEqual(audit, [
        { action: "pause", actorName: "Ada" },
        { action: "pause", actorName: "Grace" },
        { action: "resume", actorName: "Grace" }
      ])
    }).pipe(withInstance)
  )

  it.effect("knows that the access code is another one than last time", () =>
    Effect.gen(function* () {
      const { accessCodeChanged } = yield* Instance
      const changed = yield* Effect.forEach(["a", "a", "b", "b"], accessCodeChanged)
      assert.deepStrictEqual(changed, [false, false, true, false])
    }).pipe(withInstance)
  )
})
