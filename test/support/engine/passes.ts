import { assert } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { Mappings } from "../../../src/admin/Mappings.ts"
import { IssueCommands } from "../../../src/dispatching/commands/IssueCommands.ts"
import { Issues } from "../../../src/dispatching/issues/Issues.ts"
import { Passes } from "../../../src/dispatching/poller/Passes.ts"
import { TeamKey } from "../../../src/domain/Ids.ts"
import type { MappingInput } from "../../../src/domain/Mapping.ts"
import type { ReasonTag } from "../../../src/domain/Reason.ts"
import { eventually } from "../eventually.ts"

export const operator = { name: "Olga", session: null, address: null }
export const repository = { owner: "acme", repo: "app" }

/** Mappings, passes, and why an issue waits. */
export const makePasses = (
  services: Context.Context<IssueCommands | Issues | Mappings | Passes | SqlClient.SqlClient>
) => {
  const candidates = { ...Context.get(services, IssueCommands), ...Context.get(services, Issues) }
  const mappings = Context.get(services, Mappings)
  const passes = Context.get(services, Passes)
  const sql = Context.get(services, SqlClient.SqlClient)

  const map = (input: Partial<MappingInput> = {}) =>
    Effect.orDie(
      mappings.save(
        { teamKey: TeamKey.make("ENG"), ...repository, planningEnabled: false, ...input },
        operator
      )
    )

  /** A whole pass that began after this was asked for. */
  const pass = Effect.gen(function* () {
    const id = yield* passes.request("test")
    const rows = yield* eventually(
      "the pass has finished",
      Effect.orDie(sql`select dispatched, error from passes where id = ${id} and finished_at is not null`),
      (rows) => rows.length > 0
    )
    return rows[0]
  })

  const reason = (identifier: string) =>
    Effect.map(candidates.list({ issue: identifier }), ([found]) => found?.reason ?? null)

  const waitsFor = Effect.fnUntraced(function* (identifier: string, tag: ReasonTag) {
    yield* pass
    const found = yield* reason(identifier)
    assert.strictEqual(found?._tag, tag)
    return found
  })

  return { candidates, mappings, passes, sql, map, pass, reason, waitsFor }
}
