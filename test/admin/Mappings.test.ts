import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { system } from "../../src/admin/Audit.ts"
import type { MappingInput } from "../../src/domain/Mapping.ts"
import { Mappings } from "../../src/admin/Mappings.ts"
import { config } from "../support/config.ts"
import { insertDispatch } from "../support/dispatchRow.ts"
import { lockMappings } from "../support/lock.ts"
import { TestDb } from "../support/TestDb.ts"
import { StoredTeamKey, TeamKey } from "../../src/domain/Ids.ts"

const ada = { name: "Ada", session: "s", address: "192.0.2.1" }
const withMappings = Effect.provide(
  Mappings.layer.pipe(Layer.provide(config({})), Layer.provideMerge(TestDb), Layer.fresh)
)

const save = (input: Partial<MappingInput> & Pick<MappingInput, "teamKey">) =>
  Effect.flatMap(Mappings, (mappings) => mappings.save({ owner: "acme", repo: "app", ...input }, ada))

const audit = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  return yield* sql`select action, subject, actor_name, before, after from audit order by id`
})

describe("a mapping", () => {
  it.effect("is created, then updated by its team key; what is absent stays", () =>
    Effect.gen(function* () {
      const mappings = yield* Mappings
      const first = yield* save({ teamKey: TeamKey.make("ENG"), extraEnv: { A: "1" }, deadlineMinutes: 90 })
      assert.isTrue(first.created)
      const second = yield* mappings.save({ teamKey: TeamKey.make("ENG"), maxInProgressAiIssues: 9 }, ada)
      assert.isFalse(second.created)
      assert.deepStrictEqual(second.mapping, { ...first.mapping, maxInProgressAiIssues: 9 })
      assert.deepStrictEqual(yield* mappings.list, [second.mapping])
      assert.deepStrictEqual(yield* mappings.get(TeamKey.make("ENG")), second.mapping)
    }).pipe(withMappings)
  )

  it.effect("that breaks a rule changes nothing", () =>
    Effect.gen(function* () {
      const mappings = yield* Mappings
      const { mapping } = yield* save({ teamKey: TeamKey.make("ENG") })
      const error = yield* Effect.flip(
        mappings.save({ teamKey: TeamKey.make("ENG"), repo: "other", sessionMode: "hybrid" }, ada)
      )
      assert.strictEqual(error._tag, "MappingInvalid")
      assert.deepStrictEqual(yield* mappings.get(TeamKey.make("ENG")), mapping)
      assert.strictEqual((yield* audit).length, 1)
    }).pipe(withMappings)
  )

  it.effect("may not share its secret prefix with another team", () =>
    Effect.gen(function* () {
      yield* save({ teamKey: TeamKey.make("A_B") })
      yield* save({ teamKey: TeamKey.make("AB") })
      for (const teamKey of ["A", "A_B_C"]) {
        const error = yield* Effect.flip(save({ teamKey: StoredTeamKey.make(teamKey) }))
        assert.strictEqual(error._tag, "MappingConflict")
        if (error._tag === "MappingConflict") assert.include(error.message, "A_B")
      }
      yield* save({ teamKey: TeamKey.make("A_BC") })
      assert.isFalse((yield* save({ teamKey: TeamKey.make("A_B") })).created)
    }).pipe(withMappings)
  )

  it.effect("is stored once however many save it at once", () =>
    Effect.gen(function* () {
      const saved = yield* Effect.forEach(
        ["A", "A", "A", "A_B", "A_C"],
        (teamKey) => Effect.result(save({ teamKey: StoredTeamKey.make(teamKey) })),
        { concurrency: "unbounded" }
      )
      const created = saved.filter((each) => each._tag === "Success" && each.success.created)
      const keys = (yield* (yield* Mappings).list).map(({ teamKey }) => teamKey)
      assert.strictEqual(created.length, keys.length)
      assert.isFalse(keys.includes(TeamKey.make("A")) && keys.length > 1, keys.join())
    }).pipe(withMappings)
  )

  for (const what of ["patch", "remove"] as const) {
    it.live(`handles a concurrent ${what} and save one after the other`, () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const mappings = yield* Mappings
        const change = {
          patch: Effect.asVoid(mappings.patch(TeamKey.make("ENG"), { paused: true }, ada)),
          remove: Effect.asVoid(mappings.remove(TeamKey.make("ENG"), { ifIdle: false }, ada))
        }
        yield* save({ teamKey: TeamKey.make("ENG") })
        const { release, waiting } = yield* lockMappings(sql)
        const first = yield* Effect.forkChild(change[what])
        yield* waiting(1)
        const second = yield* Effect.forkChild(save({ teamKey: TeamKey.make("ENG") }))
        yield* waiting(2)
        yield* release
        yield* Fiber.join(first)
        assert.strictEqual((yield* Fiber.join(second)).created, what === "remove")
      }).pipe(withMappings)
    )
  }

  it.effect("is patched in its cap and pause only", () =>
    Effect.gen(function* () {
      const mappings = yield* Mappings
      const { mapping } = yield* save({ teamKey: TeamKey.make("ENG") })
      const patched = yield* mappings.patch(
        TeamKey.make("ENG"),
        { maxInProgressAiIssues: 1, paused: true },
        ada
      )
      assert.deepStrictEqual(patched, { ...mapping, maxInProgressAiIssues: 1, paused: true })
      const missing = yield* Effect.flip(mappings.patch(TeamKey.make("WEB"), { paused: true }, ada))
      assert.include(missing.message, "WEB")
    }).pipe(withMappings)
  )

  it.effect("is deleted with its live dispatches counted, or stays because of them with ifIdle", () =>
    Effect.gen(function* () {
      const mappings = yield* Mappings
      yield* save({ teamKey: TeamKey.make("ENG") })
      yield* insertDispatch()
      yield* insertDispatch()
      yield* insertDispatch({ outcome: "failed" })
      yield* insertDispatch({ teamKey: "WEB" })
      const refused = yield* Effect.flip(mappings.remove(TeamKey.make("ENG"), { ifIdle: true }, ada))
      assert.include(refused.message, "2 live dispatches")
      const removed = yield* mappings.remove(TeamKey.make("ENG"), { ifIdle: false }, ada)
      assert.deepStrictEqual(removed, { liveDispatches: 2, secretsLeft: 0 })
      assert.strictEqual((yield* Effect.flip(mappings.get(TeamKey.make("ENG"))))._tag, "MappingNotFound")
    }).pipe(withMappings)
  )

  it.effect("leaves in the audit who changed which fields, and no value of extraEnv", () =>
    Effect.gen(function* () {
      const mappings = yield* Mappings
      yield* save({ teamKey: TeamKey.make("ENG"), extraEnv: { OTHER: "s3cret-1", CHANGED: "s3cret-2" } })
      yield* mappings.save(
        {
          teamKey: TeamKey.make("ENG"),
          repo: "other",
          extraEnv: { OTHER: "s3cret-1", CHANGED: "s3cret-3", NEW: "s3cret-4" }
        },
        ada
      )
      yield* mappings.remove(TeamKey.make("ENG"), { ifIdle: true }, system)
      const [created, updated, deleted] = yield* audit
      assert.deepInclude(created, {
        action: "mapping.create",
        subject: "ENG",
        actorName: "Ada",
        before: null
      })
      assert.deepStrictEqual(updated, {
        action: "mapping.update",
        subject: "ENG",
        actorName: "Ada",
        before: { repo: "app", extraEnv: ["OTHER", "CHANGED"] },
        after: { repo: "other", extraEnv: ["OTHER", "CHANGED", "NEW"], extraEnvChanged: ["CHANGED"] }
      })
      assert.deepInclude(deleted, { action: "mapping.delete", actorName: "system" })
      assert.notInclude(JSON.stringify([created, updated, deleted]), "s3cret")
    }).pipe(withMappings)
  )
})
