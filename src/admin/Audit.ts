import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Schema from "effect/Schema"
import type { AuditEntry } from "../domain/Audit.ts"
import { type AuditFilter, AuditRepo } from "./Audit/AuditRepo.ts"

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

interface IntentRecord extends AuditRecord {
  readonly after?: Schema.JsonObject
}

export const nameOf = ({ name }: Actor) => name ?? "operator"

/** An entry for a change outside the database: `confirmed: false` until it is known to be made. */
export interface Intent {
  readonly confirm: Effect.Effect<void>
  /** Removes the entry: the change was certainly not made. */
  readonly withdraw: Effect.Effect<void>
}

/** What operators changed, and who; never a secret's value. */
export class Audit extends Context.Service<
  Audit,
  {
    /** Written in the transaction of its change; outside of one it is a defect. */
    readonly record: (record: AuditRecord) => Effect.Effect<void>
    readonly intend: (record: IntentRecord) => Effect.Effect<Intent>
    readonly list: (filter: AuditFilter) => Effect.Effect<ReadonlyArray<AuditEntry>>
  }
>()("ai-implement/admin/Audit") {
  static readonly layerNoDeps = Layer.effect(
    Audit,
    Effect.gen(function* () {
      const repo = yield* AuditRepo

      const insert = Effect.fnUntraced(function* ({ actor, action, subject, ...change }: AuditRecord) {
        return yield* repo.insert({
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

      const record = Effect.fn("Audit.record")(function* (record: AuditRecord) {
        yield* repo.inTransaction
        yield* insert(record)
      })

      const intend = Effect.fn("Audit.intend")(function* ({ after, ...record }: IntentRecord) {
        const id = yield* insert({ ...record, after: { ...after, confirmed: false } })
        return { confirm: repo.confirm(id), withdraw: repo.withdraw(id) }
      })

      return Audit.of({ record, intend, list: repo.list })
    })
  )
  static readonly layer = Audit.layerNoDeps.pipe(Layer.provide(AuditRepo.layer))
}
