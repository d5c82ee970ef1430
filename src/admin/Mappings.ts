import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type Actor, Audit } from "./Audit.ts"
import { AppConfig } from "../platform/Config.ts"
import { type Mapping, type MappingInput, type MappingPatch, mergeMapping } from "../domain/Mapping.ts"
import { audited, auditedChange } from "./Mappings/audited.ts"
import { MappingsRepo } from "./Mappings/MappingsRepo.ts"
import { makeAtomically } from "../platform/Sql/atomically.ts"
import type { TeamKey } from "../domain/Ids.ts"

export class MappingNotFound extends Schema.TaggedError<MappingNotFound>()("MappingNotFound", {
  message: Schema.String
}) {}

export class MappingConflict extends Schema.TaggedError<MappingConflict>()("MappingConflict", {
  message: Schema.String
}) {}

/** The merged mapping breaks rules across its fields; nothing was stored. */
export class MappingInvalid extends Schema.TaggedError<MappingInvalid>()("MappingInvalid", {
  issues: Schema.Array(Schema.Struct({ path: Schema.String, message: Schema.String }))
}) {}

export interface Saved {
  readonly mapping: Mapping
  readonly created: boolean
}

export interface Removed {
  /** Live dispatches that continue without their mapping. */
  readonly liveDispatches: number
  /** The team's secrets that stay on Fly. */
  readonly secretsLeft: number
}

/** Which Linear team goes to which repository, and how its issues are dispatched. */
export class Mappings extends Context.Service<
  Mappings,
  {
    readonly list: Effect.Effect<ReadonlyArray<Mapping>>
    readonly get: (teamKey: TeamKey) => Effect.Effect<Mapping, MappingNotFound>
    /** Creates or updates by team key; the rules hold for the merged result. */
    readonly save: (input: MappingInput, by: Actor) => Effect.Effect<Saved, MappingInvalid | MappingConflict>
    readonly patch: (
      teamKey: TeamKey,
      patch: MappingPatch,
      by: Actor
    ) => Effect.Effect<Mapping, MappingNotFound>
    /** Fails while the team has live dispatches. */
    readonly idle: (teamKey: TeamKey) => Effect.Effect<void, MappingConflict>
    readonly remove: (
      teamKey: TeamKey,
      options: { readonly ifIdle: boolean },
      by: Actor
    ) => Effect.Effect<Removed, MappingNotFound | MappingConflict>
  }
>()("ai-implement/admin/Mappings") {
  static readonly layerNoDeps = Layer.effect(
    Mappings,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const repo = yield* MappingsRepo
      const audit = yield* Audit
      const config = yield* AppConfig
      const rules = { publicUrl: config.PUBLIC_URL !== null }

      const get = Effect.fn("Mappings.get")(function* (teamKey: TeamKey) {
        const found = yield* repo.find(teamKey)
        return Option.isSome(found) ? found.value : yield* notFound(teamKey)
      })

      const store = Effect.fnUntraced(function* (before: Mapping | null, after: Mapping, by: Actor) {
        yield* repo.upsert(after)
        yield* audit.record({
          actor: by,
          action: before === null ? "mapping.create" : "mapping.update",
          subject: after.teamKey,
          ...(before === null ? { after: audited(after) } : auditedChange(before, after))
        })
        return after
      })

      const save = Effect.fn("Mappings.save")(function* (input: MappingInput, by: Actor) {
        const { teamKey } = input
        const before = Option.getOrNull(yield* repo.lock(teamKey))
        const [overlap] = before === null ? yield* repo.overlapping(teamKey) : []
        if (overlap !== undefined) {
          return yield* new MappingConflict({
            message: `${teamKey} and the mapped team ${overlap.teamKey} would share the secret prefix ${shorter(teamKey, overlap.teamKey)}_. Nothing was stored. Delete the mapping of ${overlap.teamKey} or use another team key.`
          })
        }
        const [global] = before === null ? yield* repo.globalsOf(teamKey) : []
        if (global !== undefined) {
          return yield* new MappingConflict({
            message: `The global secret ${global.name} begins with ${teamKey}_, the prefix of the secrets of ${teamKey}. Nothing was stored. Delete that secret or use another team key.`
          })
        }
        const merged = mergeMapping(before, input, rules)
        if (Result.isFailure(merged)) return yield* new MappingInvalid({ issues: merged.failure })
        const now = yield* DateTime.now
        const mapping = yield* store(
          before,
          { teamKey, ...merged.success, createdAt: before?.createdAt ?? now, updatedAt: now },
          by
        )
        return { mapping, created: before === null }
      }, atomically)

      const patch = Effect.fn("Mappings.patch")(function* (
        teamKey: TeamKey,
        changes: MappingPatch,
        by: Actor
      ) {
        const before = Option.getOrNull(yield* repo.lock(teamKey))
        if (before === null) return yield* notFound(teamKey)
        return yield* store(before, { ...before, ...changes, updatedAt: yield* DateTime.now }, by)
      }, atomically)

      const idle = Effect.fn("Mappings.idle")(function* (teamKey: TeamKey) {
        const liveDispatches = yield* repo.liveDispatches(teamKey)
        if (liveDispatches === 0) return
        return yield* new MappingConflict({
          message: `${teamKey} has ${liveDispatches} live ${liveDispatches === 1 ? "dispatch" : "dispatches"}. The mapping was not deleted. Wait for them, cancel them, or delete without ifIdle.`
        })
      })

      const remove = Effect.fn("Mappings.remove")(function* (
        teamKey: TeamKey,
        { ifIdle }: { readonly ifIdle: boolean },
        by: Actor
      ) {
        const before = Option.getOrNull(yield* repo.lock(teamKey))
        if (before === null) return yield* notFound(teamKey)
        if (ifIdle) yield* idle(teamKey)
        const liveDispatches = yield* repo.liveDispatches(teamKey)
        const secretsLeft = yield* repo.secretsOf(teamKey)
        yield* repo.remove(teamKey)
        yield* audit.record({
          actor: by,
          action: "mapping.delete",
          subject: teamKey,
          before: audited(before),
          after: { liveDispatches, secretsLeft }
        })
        return { liveDispatches, secretsLeft }
      }, atomically)

      return Mappings.of({ list: repo.list, get, save, patch, idle, remove })
    })
  )
  static readonly layer = Mappings.layerNoDeps.pipe(Layer.provide([MappingsRepo.layer, Audit.layer]))
}

const notFound = (teamKey: TeamKey) =>
  new MappingNotFound({ message: `There is no mapping for the team ${teamKey}. Nothing was changed.` })

const shorter = (a: string, b: string) => (a.length < b.length ? a : b)
