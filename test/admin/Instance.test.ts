import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as References from "effect/References"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { Instance } from "../../src/admin/Instance.ts"
import { config } from "../support/config.ts"
import { TestDb } from "../support/TestDb.ts"

const by = (name: string) => ({ name, session: null, address: null })
/** The instance of one process: another one on the same database reads it again. */
const started = (env: Record<string, string> = {}) =>
  Layer.fresh(Instance.layer).pipe(
    Layer.provide(Layer.fresh(config(env))),
    Layer.provide(Layer.succeed(References.MinimumLogLevel, "None"))
  )
const withInstance = Effect.provide(Layer.fresh(started().pipe(Layer.provideMerge(TestDb))))
const pauseAt = (publicUrl: string) =>
  Effect.flatMap(Instance, ({ paused }) => paused).pipe(Effect.provide(started({ PUBLIC_URL: publicUrl })))
const resumeAt = (publicUrl: string) =>
  Effect.flatMap(Instance, ({ setPaused }) => setPaused({ paused: false }, by("Ada"))).pipe(
    Effect.provide(started({ PUBLIC_URL: publicUrl }))
  )

describe("the instance", () => {
  it.effect("keeps the identity that it was given at first start", () =>
    Effect.gen(function* () {
      const { orchestratorId } = yield* Instance
      const id = yield* orchestratorId
      assert.match(id, /^[0-9a-f-]{36}$/)
      assert.strictEqual(yield* orchestratorId, id)
    }).pipe(withInstance)
  )

  it.effect("has the identity that the environment gives it", () =>
    Effect.gen(function* () {
      const { orchestratorId } = yield* Instance
      assert.strictEqual(yield* orchestratorId, "production")
    }).pipe(Effect.provide(started({ ORCHESTRATOR_ID: "production" }).pipe(Layer.provideMerge(TestDb))))
  )

  it.effect("pauses when its database is found at another address, until an operator resumes there", () =>
    Effect.gen(function* () {
      assert.isNull(yield* pauseAt("https://a.test"))
      assert.isNull(yield* pauseAt("https://a.test"))
      const paused = yield* pauseAt("https://b.test")
      assert.include(paused?.reason, "last used at https://a.test, and now at https://b.test")
      assert.strictEqual(paused?.by, "system")
      assert.deepStrictEqual(yield* pauseAt("https://b.test"), paused)
      yield* resumeAt("https://b.test")
      assert.isNull(yield* pauseAt("https://b.test"))
      assert.isNotNull(yield* pauseAt("https://a.test"))
    }).pipe(Effect.provide(TestDb))
  )

  it.effect(
    "pauses when its database was restored from a backup, and keeps an earlier pause and its reason",
    () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* pauseAt("https://a.test")
        const stored = yield* sql`select database_identity from instance`
        assert.match(String(stored[0]?.["databaseIdentity"]), /^\d+\/\d+$/)
        yield* sql`update instance set database_identity = '1/1', paused_at = now(), paused_by = 'Ada',
        paused_reason = 'release'`
        const paused = yield* pauseAt("https://a.test")
        assert.include(paused?.reason, "restored from a backup")
        assert.include(paused?.reason, "It was paused before: release")
        assert.strictEqual(paused?.by, "Ada")
        yield* resumeAt("https://a.test")
        assert.isNull(yield* pauseAt("https://a.test"))
        assert.deepStrictEqual(yield* sql`select database_identity from instance`, stored)
      }).pipe(Effect.provide(TestDb))
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

  it.effect("detects that the access code has changed since the last start", () =>
    Effect.gen(function* () {
      const { accessCodeChanged } = yield* Instance
      const changed = yield* Effect.forEach(["a", "a", "b", "b"], accessCodeChanged)
      assert.deepStrictEqual(changed, [false, false, true, false])
    }).pipe(withInstance)
  )
})
