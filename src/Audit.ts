import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Schema from "effect/Schema"
import { AuditRepo } from "./Audit/AuditRepo.ts"

/** Who did it: the name given at sign-in, the session and the client's address. */
export interface Actor {
  readonly name: string | null
  readonly session: string | null
  readonly address: string | null
}

export const system: Actor = { name: "system", session: null, address: null }

export interface AuditRecord {
  readonly actor: Actor
  readonly action: string
  readonly subject: string
  readonly before?: Schema.Json
  readonly after?: Schema.Json
}

/** What operators changed, and who; never a secret's value. */
export class Audit extends Context.Service<
  Audit,
  { readonly record: (record: AuditRecord) => Effect.Effect<void> }
>()("ai-implement/Audit") {
  static readonly layerNoDeps = Layer.effect(
    Audit,
    Effect.gen(function* () {
      const repo = yield* AuditRepo
      const record = Effect.fn("Audit.record")(function* ({
        actor,
        action,
        subject,
        ...change
      }: AuditRecord) {
        yield* repo.insert({
          at: yield* DateTime.now,
          actorName: actor.name,
          actorSession: actor.session,
          actorAddress: actor.address,
          action,
          subject,
          before: change.before ?? null,
          after: change.after ?? null
        })
      })
      return Audit.of({ record })
    })
  )
  static readonly layer = Audit.layerNoDeps.pipe(Layer.provide(AuditRepo.layer))
}
