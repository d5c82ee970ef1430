import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { readdirSync } from "node:fs"
import { directory } from "../../src/platform/Sql/Migrations.ts"
import { bringPeople } from "./people.ts"
import { start } from "../support/scene.ts"
import { externalScene } from "./external.ts"
import { assertExactlyOnce } from "./flows.ts"

/** The last migration of the release before. */
const released = 3

/** What takes back each later migration, in the order of their numbers. */
const undo: ReadonlyArray<readonly [migration: number, statements: ReadonlyArray<string>]> = [
  [
    4,
    [
      `update decisions set reason = jsonb_set(reason, '{_tag}', '"rate_brake"') where reason ->> '_tag' = 'hourly_limit'`,
      `update audit set after = jsonb_set(after, '{waits}', '"rate_brake"') where after ->> 'waits' = 'hourly_limit'`
    ]
  ],
  [
    5,
    [
      `alter table dispatches add column run_id bigint generated always as ((run->>'id')::bigint) stored,
        add column pull_request_looked_at timestamptz`
    ]
  ],
  [
    6,
    [
      `alter table dispatches drop column model, drop column turns, drop column session_id,
        drop column permission_denials, drop column repository_tokens`
    ]
  ],
  [7, [`alter table dispatches drop column run_begun_at, drop column run_held_at`]],
  [8, [`alter table instance drop column replica_key`]],
  [
    9,
    [
      `drop index dispatches_identifier, dispatches_place, dispatches_workflow_left, pull_requests_place,
        dispatch_logs_at, audit_at`
    ]
  ],
  [10, [`drop table issue_holds`]],
  [11, [`alter table settlement_effects drop column refusals`]],
  [12, [`alter table issues drop column missing_since`]]
]

const later = readdirSync(directory)
  .map((name) => Number.parseInt(name, 10))
  .filter((number) => number > released)
  .toSorted((a, b) => a - b)

const decodeStored = Schema.decodeUnknownEffect(
  Schema.Array(Schema.Struct({ decided: Schema.Int, audited: Schema.Int }))
)

describe("a database of the previous release", { timeout: 120_000 }, () => {
  it("can be made from today's by taking back every later migration", () => {
    assert.deepStrictEqual(
      undo.map(([migration]) => migration),
      later
    )
  })

  it.live("is migrated at start, and its running dispatch continues to one pull request", () =>
    Effect.gen(function* () {
      const scene = yield* externalScene()
      const { sql } = scene
      const first = yield* start(scene.env)
      yield* scene.idle
      const identifier = yield* scene.label("Started by the release before")
      yield* scene.askForPass
      yield* scene.running(identifier)
      yield* first.kill("SIGKILL")
      yield* first.ended

      yield* sql`insert into decisions (issue_id, decision, reason, since, pass_id)
        values ('2f0c7c5e-8a4b-4d5e-9a52-5f0f2a1a0001', 'wait',
          '{"_tag": "hourly_limit", "until": "2026-01-01T00:00:00.000Z"}', now(), gen_random_uuid())`
      yield* sql`insert into audit (at, action, subject, after)
        values (now(), 'issue.dispatch', 'ENG-900', '{"waits": "hourly_limit", "cleared": []}')`
      for (const [, statements] of undo.toReversed()) {
        for (const statement of statements) yield* sql.unsafe(statement)
      }
      yield* sql`delete from migrations where migration_id > ${released}`
      const stored = (tag: string) =>
        sql`select (select count(*)::int from decisions where reason ->> '_tag' = ${tag}) as decided,
          (select count(*)::int from audit where after ->> 'waits' = ${tag}) as audited`.pipe(
          Effect.flatMap(decodeStored),
          Effect.map(([row]) => row)
        )
      assert.deepStrictEqual(yield* stored("rate_brake"), { decided: 1, audited: 1 })

      yield* start(scene.env)
      yield* bringPeople(scene)
      yield* scene.settled(identifier)
      yield* scene.idle
      yield* assertExactlyOnce(scene, identifier)
      assert.deepStrictEqual(yield* stored("rate_brake"), { decided: 0, audited: 0 })
      assert.strictEqual((yield* stored("hourly_limit"))?.audited, 1)
    })
  )
})
