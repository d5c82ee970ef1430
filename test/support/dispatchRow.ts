import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { randomUUID } from "node:crypto"
import { StoredDispatchId } from "../../src/domain/Ids.ts"
import { dispatchSample } from "./dispatchSample.ts"

/** A dispatch as a row: live without an outcome, settled with one. */
export const insertDispatch = Effect.fnUntraced(function* (
  row: {
    readonly teamKey?: string
    readonly outcome?: string
    readonly at?: DateTime.Utc
  } = {}
) {
  const sql = yield* SqlClient.SqlClient
  const { outcome, teamKey = "ENG" } = row
  const id = StoredDispatchId.make(randomUUID())
  const at = DateTime.toDateUtc(row.at ?? (yield* DateTime.now))
  const ended = outcome === undefined ? null : at
  yield* sql`insert into dispatches ${sql.insert({
    ...dispatchSample,
    id,
    issueId: randomUUID(),
    issueIdentifier: `${teamKey}-1`,
    issueTitle: "Add a login",
    issueUrl: "https://linear.test/issue",
    linearTeamId: "team",
    teamKey,
    branch: "ai-implement/ENG-1",
    extraEnv: "{}",
    deadlineMinutes: 60,
    status: outcome === undefined ? "running" : "failed",
    outcome:
      outcome === undefined
        ? null
        : JSON.stringify({ kind: outcome, reason: "run_failed", message: "", facts: {} }),
    reservedAt: at,
    finishedAt: ended,
    settledAt: ended
  })}`
  return id
})
