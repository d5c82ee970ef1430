import * as Base64Url from "effect/encoding/Base64Url"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as SqlClient from "effect/sql/SqlClient"
import { tokenHash } from "../../platform/tokens.ts"
import { DispatchId } from "../../domain/Ids.ts"

const Purpose = Schema.Literals(["machine", "questions"])
export type Purpose = typeof Purpose.Type

const Holder = Schema.Struct({ dispatchId: DispatchId, purpose: Purpose, hash: Schema.String })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom

  const issue = Effect.fn("RunnerCredentials.issue")(function* (dispatchId: DispatchId, purpose: Purpose) {
    const token = Base64Url.encode(yield* random.randomBytes(32))
    yield* sql`with replaced as (delete from runner_credentials
        where purpose = 'questions' and purpose = ${purpose} and dispatch_id = ${dispatchId})
      insert into runner_credentials ${sql.insert({
        hash: tokenHash(token),
        dispatchId,
        purpose,
        createdAt: DateTime.toDateUtc(yield* DateTime.now)
      })}`
    return Redacted.make(token)
  }, Effect.orDie)

  const revoke = Effect.fn("RunnerCredentials.revoke")(
    (token: Redacted.Redacted<string>) =>
      sql`delete from runner_credentials where hash = ${tokenHash(Redacted.value(token))}`.pipe(
        Effect.asVoid
      ),
    Effect.orDie
  )

  const holder = Effect.fn("RunnerCredentials.holder")(function* (token: string) {
    const rows = yield* sql`select dispatch_id, purpose, hash from runner_credentials
      where hash = ${tokenHash(token)}`.pipe(Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Holder))))
    return rows[0] ?? null
  }, Effect.orDie)

  const useOnce = Effect.fn("RunnerCredentials.useOnce")(function* (jti: string, expiresAt: DateTime.Utc) {
    const fresh = yield* sql`insert into used_tokens (jti, expires_at)
      values (${jti}, ${DateTime.toDateUtc(expiresAt)}) on conflict (jti) do nothing returning jti`
    return fresh.length > 0
  }, Effect.orDie)

  return { issue, revoke, holder, useOnce }
})

export class RunnerCredentialsRepo extends Context.Service<
  RunnerCredentialsRepo,
  Effect.Success<typeof make>
>()("ai-implement/dispatching/dispatches/RunnerCredentialsRepo") {
  static readonly layer = Layer.effect(RunnerCredentialsRepo, make)
}
