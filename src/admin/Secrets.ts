import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { type Actor, Audit } from "./Audit.ts"
import { AppConfig } from "../platform/Config.ts"
import type { Secret, SecretSet } from "../domain/Secrets.ts"
import { Fly } from "../upstreams/fly/Fly.ts"
import { type MappingConflict, type MappingNotFound, Mappings, type Removed } from "./Mappings.ts"
import {
  notConfigured,
  notThere,
  ofTeam,
  type SecretNameTaken,
  type SecretNotFound,
  type SecretsUnavailable
} from "./Secrets/errors.ts"
import { type Scope, secretSet, secretsOf, storedAs, storedName, teamOf } from "./Secrets/names.ts"
import { SecretsRepo, type StoredName } from "./Secrets/SecretsRepo.ts"
import { Settings } from "./Settings.ts"
import { makeAtomically } from "../platform/Sql/atomically.ts"
import { isCertain, type UpstreamError } from "../upstreams/UpstreamError.ts"
import { TeamKey } from "../domain/Ids.ts"

interface Given {
  readonly name: string
  readonly value: Redacted.Redacted<string>
}

type Unavailable = SecretsUnavailable | UpstreamError

// `E`: the owner of the secrets does not exist.
interface Store<E> {
  readonly list: Effect.Effect<ReadonlyArray<Secret>, E | Unavailable>
  readonly set: (given: Given, by: Actor) => Effect.Effect<SecretSet, E | SecretNameTaken | Unavailable>
  readonly delete: (name: string, by: Actor) => Effect.Effect<void, E | SecretNotFound | Unavailable>
}

/** The secrets of session machines, stored by Fly. Values are write-only. */
export class Secrets extends Context.Service<
  Secrets,
  {
    readonly global: Store<never>
    readonly ofTeam: (teamKey: TeamKey) => Store<MappingNotFound>
    /** Deletes the secrets, then the mapping; the mapping stays while a secret cannot be deleted. */
    readonly removeWithMapping: (
      teamKey: TeamKey,
      options: { readonly ifIdle: boolean },
      by: Actor
    ) => Effect.Effect<Removed, MappingNotFound | MappingConflict | Unavailable>
  }
>()("ai-implement/admin/Secrets") {
  static readonly layerNoDeps = Layer.effect(
    Secrets,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const repo = yield* SecretsRepo
      const mappings = yield* Mappings
      const settings = yield* Settings
      const audit = yield* Audit
      const fly = yield* Fly
      const { FLY_SESSIONS_TOKEN } = yield* AppConfig

      const sessionsApp = Effect.gen(function* () {
        const { flySessionsApp } = yield* settings.state
        const app = flySessionsApp.runtimeValue
        if (app !== null && FLY_SESSIONS_TOKEN !== null) return app
        return yield* notConfigured([
          ...(FLY_SESSIONS_TOKEN === null ? ["FLY_SESSIONS_TOKEN"] : []),
          ...(app === null ? ["FLY_SESSIONS_APP"] : [])
        ])
      })

      const teamKeys = Effect.map(mappings.list, (all) => all.map(({ teamKey }) => teamKey))

      const entry = (action: "set" | "delete", name: string, scope: Scope, by: Actor) =>
        audit.intend({ actor: by, action: `secret.${action}`, subject: name, after: { team: scope } })

      // Machines stop receiving it before Fly is called; they receive it again if Fly certainly kept it.
      const erase = Effect.fnUntraced(function* (stored: StoredName, name: string, scope: Scope, by: Actor) {
        const [given, { confirm, withdraw }] = yield* atomically(
          Effect.all([repo.invalidate(stored), entry("delete", name, scope, by)])
        )
        const restore = given ? Effect.andThen(repo.confirm(stored, 0), withdraw) : withdraw
        yield* fly.secrets
          .delete(stored.app, stored.name)
          .pipe(Effect.tapError((error) => (isCertain(error) ? atomically(restore) : Effect.void)))
        yield* atomically(Effect.andThen(repo.remove(stored), confirm))
      })

      const store = <E>(scope: Scope, exists: Effect.Effect<void, E>): Store<E> => {
        const intend = Effect.fnUntraced(function* (stored: StoredName, name: string, by: Actor) {
          yield* repo.lockMappings
          yield* exists
          const team = scope === null ? teamOf(stored.name, yield* teamKeys) : null
          if (team !== null) return yield* ofTeam(stored.name, TeamKey.make(team))
          yield* repo.intend(stored, scope)
          return yield* entry("set", name, scope, by)
        }, atomically)

        const place = Effect.fnUntraced(function* (name: string) {
          yield* exists
          return { app: yield* sessionsApp, name: storedName(name, scope) }
        })

        return {
          list: Effect.gen(function* () {
            yield* exists
            const app = yield* sessionsApp
            const listed = yield* fly.secrets.list(app)
            const rows = yield* repo.rows(app)
            const managed = rows.filter(({ confirmed, teamKey }) => confirmed && teamKey === scope)
            return secretsOf(scope, listed, yield* teamKeys, new Set(managed.map(({ name }) => name)))
          }).pipe(Effect.withSpan("Secrets.list")),

          set: Effect.fn("Secrets.set")(function* ({ name, value }: Given, by: Actor) {
            const stored = yield* place(name)
            const { confirm, withdraw } = yield* intend(stored, name, by)
            const version = yield* fly.secrets
              .set(stored.app, { [stored.name]: value })
              .pipe(
                Effect.tapError((error) =>
                  isCertain(error) ? atomically(Effect.andThen(repo.withdraw(stored), withdraw)) : Effect.void
                )
              )
            yield* atomically(Effect.andThen(repo.confirm(stored, version), confirm))
            return secretSet(name)
          }),

          delete: Effect.fn("Secrets.delete")(function* (name: string, by: Actor) {
            const stored = yield* place(name)
            if (scope === null && teamOf(name, yield* teamKeys) !== null) return yield* notThere(name, scope)
            const known = [...(yield* fly.secrets.list(stored.app)), ...(yield* repo.rows(stored.app))]
            const found = storedAs(
              name,
              scope,
              known.map((each) => each.name)
            )
            if (found === null) return yield* notThere(name, scope)
            yield* erase({ ...stored, name: found }, name, scope, by)
          })
        }
      }

      const removeWithMapping = Effect.fn("Secrets.removeWithMapping")(function* (
        teamKey: TeamKey,
        options: { readonly ifIdle: boolean },
        by: Actor
      ) {
        yield* mappings.get(teamKey)
        if (options.ifIdle) yield* mappings.idle(teamKey)
        const own = yield* repo.ofTeam(teamKey)
        if (own.length > 0 && FLY_SESSIONS_TOKEN === null) return yield* notConfigured(["FLY_SESSIONS_TOKEN"])
        yield* Effect.forEach(
          own,
          (stored) => erase(stored, stored.name.slice(teamKey.length + 1), teamKey, by),
          { discard: true }
        )
        return yield* mappings.remove(teamKey, options, by)
      })

      return Secrets.of({
        global: store(null, Effect.void),
        ofTeam: (teamKey) => store(teamKey, Effect.asVoid(mappings.get(teamKey))),
        removeWithMapping
      })
    })
  )

  static readonly layer = this.layerNoDeps.pipe(Layer.provide(SecretsRepo.layer))
}
