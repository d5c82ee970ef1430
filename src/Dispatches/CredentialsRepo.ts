import * as Base64Url from "effect/encoding/Base64Url"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as SqlClient from "effect/sql/SqlClient"
import { tokenHash } from "../Admins/secrets.ts"

const Purpose = Schema.Literals(["machine", "questions"])
export type Purpose = typeof Purpose.Type

const Holder = Schema.Struct({ dispatchId: Schema.String, purpose: Purpose })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom

  /** A new random token for one dispatch; only its hash is kept. */
  const issue = Effect.fn("RunnerCredentials.issue")(function* (dispatchId: string, purpose: Purpose) {
    const token = Base64Url.encode(yield* random.randomBytes(32))
    yield* sql`insert into runner_credentials ${sql.insert({
      hash: tokenHash(token),
      dispatchId,
      purpose,
      createdAt: DateTime.toDateUtc(yield* DateTime.now)
    })}`
    return Redacted.make(token)
  }, Effect.orDie)

  /** Whose token it is; null for one that is unknown, or whose dispatch has ended. */
  const holder = Effect.fn("RunnerCredentials.holder")(function* (token: string) {
    const rows = yield* sql`select c.dispatch_id, c.purpose from runner_credentials c
      join dispatches d on d.id = c.dispatch_id
      where c.hash = ${tokenHash(token)} and d.outcome is null`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Holder)))
    )
    return rows[0] ?? null
  }, Effect.orDie)

  return { issue, holder }
})

/** The tokens by which machines and their questions are known. */
export class RunnerCredentials extends Context.Service<RunnerCredentials, Effect.Success<typeof make>>()(
  "ai-implement/Dispatches/RunnerCredentials"
) {
  static readonly layer = Layer.effect(RunnerCredentials, make)
}
