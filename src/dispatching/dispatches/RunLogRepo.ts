import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"

const kept = 200

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  /** Adds lines of a run; only its last 200 are kept. */
  const append = Effect.fn("Lines.append")(
    function* (dispatchId: string, lines: ReadonlyArray<string>) {
      if (lines.length === 0) return
      const at = DateTime.toDateUtc(yield* DateTime.now)
      yield* sql`insert into dispatch_logs (dispatch_id, at, text)
        select ${dispatchId}, ${at}, line from unnest(${lines.slice(-kept)}::text[]) with ordinality as l (line, nth) order by nth`
      yield* sql`delete from dispatch_logs where dispatch_id = ${dispatchId} and id <= (
        select id from dispatch_logs where dispatch_id = ${dispatchId} order by id desc offset ${kept} limit 1)`
    },
    sql.withTransaction,
    Effect.orDie
  )

  return { append }
})

/** What runs send of their log. */
export class RunLogRepo extends Context.Service<RunLogRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/dispatches/RunLogRepo"
) {
  static readonly layer = Layer.effect(RunLogRepo, make)
}
