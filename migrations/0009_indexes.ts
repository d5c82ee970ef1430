import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

const statements = [
  `create index dispatches_identifier on dispatches (upper(issue_identifier), id desc)`,
  `create index dispatches_place on dispatches (lower(owner), lower(repo)) where settled_at is null`,
  `create index dispatches_workflow_left on dispatches (settled_at) where workflow_cleared_at is null`,
  `create index pull_requests_place on pull_requests (lower(owner), lower(repo), number)`,
  `create index dispatch_logs_at on dispatch_logs (at)`,
  `create index audit_at on audit (at)`
]

/** Look-ups by identifier and by repository without regard to case, and by age. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  for (const statement of statements) yield* sql.unsafe(statement)
})
