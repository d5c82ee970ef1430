import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { DispatchId } from "../../domain/Ids.ts"

export const maxLogLines = 200

const decodeLines = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ text: Schema.String })))

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const append = Effect.fn("Lines.append")(
    function* (dispatchId: DispatchId, lines: ReadonlyArray<string>) {
      if (lines.length === 0) return
      const at = DateTime.toDateUtc(yield* DateTime.now)
      yield* sql`insert into dispatch_logs (dispatch_id, at, text)
        select ${dispatchId}, ${at}, line from unnest(${lines.slice(-maxLogLines)}::text[]) with ordinality as l (line, nth) order by nth`
      yield* sql`delete from dispatch_logs where dispatch_id = ${dispatchId} and id <= (
        select id from dispatch_logs where dispatch_id = ${dispatchId} order by id desc offset ${maxLogLines} limit 1)`
    },
    sql.withTransaction,
    Effect.orDie
  )

  const last = Effect.fn("Lines.last")(function* (dispatchId: DispatchId, count: number) {
    const rows = yield* sql`select text from dispatch_logs where dispatch_id = ${dispatchId}
      order by id desc limit ${count}`.pipe(Effect.flatMap(decodeLines))
    return rows.map(({ text }) => text).toReversed()
  }, Effect.orDie)

  return { append, last }
})

export class RunLogRepo extends Context.Service<RunLogRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/dispatches/RunLogRepo"
) {
  static readonly layer = Layer.effect(RunLogRepo, make)
}
