import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Schema from "effect/Schema"
import type { AuditEntry } from "./domain/Audit.ts"
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

/** Whether what is going on has been recorded yet. */
export const Recorded = Context.Reference<{ yet: boolean }>("ai-implement/Audit/Recorded", {
  defaultValue: () => ({ yet: false })
})

export interface AuditFilter {
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly subject?: string | undefined
  /** Only entries older than this id. */
  readonly before?: number | undefined
  /** At least 1. */
  readonly limit: number
}

/** What operators changed, and who; never a secret's value. */
export class Audit extends Context.Service<
  Audit,
  {
    readonly record: (record: AuditRecord) => Effect.Effect<void>
    /** Newest first. */
    readonly list: (filter: AuditFilter) => Effect.Effect<ReadonlyArray<AuditEntry>>
  }
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
        ;(yield* Recorded).yet = true
      })
      return Audit.of({ record, list: repo.list })
    })
  )
  static readonly layer = Audit.layerNoDeps.pipe(Layer.provide(AuditRepo.layer))
}
