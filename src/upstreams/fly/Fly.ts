import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { AppConfig } from "../../platform/Config.ts"
import { errors } from "./errors.ts"
import type { Machine } from "./machine.ts"
import { type CreateRequest, type MachineId, makeMachines } from "./machines.ts"
import { makeQueue } from "./queue.ts"
import { makeSecrets } from "./secrets.ts"
import { makeTransport } from "./transport.ts"
import type { UpstreamError } from "../UpstreamError.ts"

export { type Machine, runOf } from "./machine.ts"
export type { CreateRequest, MachineId } from "./machines.ts"

/** A secret of an app as Fly lists it; times are null where Fly gives none. */
export interface AppSecret {
  readonly name: string
  readonly digest: string | null
  readonly createdAt: DateTime.Utc | null
  readonly updatedAt: DateTime.Utc | null
}

/** Fly's Machines API, with the session token. */
export class Fly extends Context.Service<
  Fly,
  {
    /** Sent once in its turn, never retried. `null`: a machine of that name exists already; look it up. */
    readonly create: (request: CreateRequest) => Effect.Effect<Machine | null, UpstreamError>
    /** All machines of an app except destroyed ones. */
    readonly list: (app: string) => Effect.Effect<ReadonlyArray<Machine>, UpstreamError>
    /** Fly still shows a destroyed machine for a while. */
    readonly get: (machine: MachineId) => Effect.Effect<Machine, UpstreamError>
    /** By force; succeeds when it is gone already. */
    readonly destroy: (machine: MachineId) => Effect.Effect<void, UpstreamError>
    readonly secrets: {
      /** Names, digests and times, never values. */
      readonly list: (app: string) => Effect.Effect<ReadonlyArray<AppSecret>, UpstreamError>
      /** Returns the version from which machines see them. */
      readonly set: (
        app: string,
        values: Readonly<Record<string, Redacted.Redacted<string>>>
      ) => Effect.Effect<number, UpstreamError>
      /** Succeeds when it is gone already. */
      readonly delete: (app: string, name: string) => Effect.Effect<void, UpstreamError>
    }
  }
>()("ai-implement/upstreams/fly/Fly") {
  static readonly layerNoDeps = Layer.effect(
    Fly,
    Effect.gen(function* () {
      const { FLY_API_URL: url, FLY_SESSIONS_TOKEN: token } = yield* AppConfig
      if (token === null) {
        const refuse = (name: string) => () =>
          Effect.fail(
            errors.notConfigured(
              name,
              ["FLY_SESSIONS_TOKEN"],
              "Set it to a token for the app of the sessions and restart."
            )
          )
        return Fly.of({
          create: refuse("create"),
          list: refuse("list"),
          get: refuse("get"),
          destroy: refuse("destroy"),
          secrets: {
            list: refuse("secrets.list"),
            set: refuse("secrets.set"),
            delete: refuse("secrets.delete")
          }
        })
      }
      const transport = yield* makeTransport(url, token)
      return Fly.of({
        ...makeMachines(transport, yield* makeQueue),
        secrets: makeSecrets(transport)
      })
    })
  )

  static readonly layer = this.layerNoDeps.pipe(Layer.provide(FetchHttpClient.layer))
}
