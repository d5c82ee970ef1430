import * as Cache from "effect/Cache"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { DispatchNotFound } from "../dispatches/Dispatches.ts"
import { RunnerCredentialsRepo } from "../dispatches/RunnerCredentialsRepo.ts"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import { CodeHost } from "../../upstreams/CodeHost.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"
import { refusedClaims } from "./claims.ts"
import { InvalidToken } from "./errors.ts"
import { JobTokens } from "./JobTokens.ts"
import type { DispatchId } from "../../domain/Ids.ts"

/** Who calls for a dispatch: a job of its workflow, its machine, or an agent that may only ask questions. */
export type Caller = Worker | { readonly _tag: "Asker"; readonly row: DispatchRow }

export type Worker = { readonly row: DispatchRow; readonly claimant: string } & (
  | { readonly _tag: "Job"; readonly runId: number }
  | { readonly _tag: "Machine" }
)

const isJobToken = (token: string) => token.split(".").length === 3

const unknownToken = new InvalidToken({
  message: "The token is neither issued by this service nor a GitHub job token."
})

/** Identifies callers by their tokens. */
export class Callers extends Context.Service<
  Callers,
  {
    /** Why the token is none of a run; null for a run's, of whichever dispatch. Uses up no job token. */
    readonly refusal: (token: string) => Effect.Effect<InvalidToken | null>
    /** A job token is valid once. */
    readonly identify: (
      token: string | null,
      dispatchId: DispatchId
    ) => Effect.Effect<Caller, InvalidToken | DispatchNotFound | UpstreamError>
  }
>()("ai-implement/dispatching/callbacks/Callers") {
  static readonly layerNoDeps = Layer.effect(
    Callers,
    Effect.gen(function* () {
      const tokens = yield* JobTokens
      const credentials = yield* RunnerCredentialsRepo
      const transitions = yield* TransitionsRepo
      const codeHost = yield* CodeHost

      const repositoryIds = yield* Cache.makeWith(
        (name: string) => {
          const [owner = "", repo = ""] = name.split("/")
          return codeHost.id({ owner, repo })
        },
        { capacity: 200, timeToLive: (exit) => (Exit.isSuccess(exit) ? "5 minutes" : 0) }
      )

      const find = Effect.fnUntraced(function* (dispatchId: DispatchId) {
        const row = yield* transitions.find(dispatchId)
        return row ?? (yield* new DispatchNotFound({ message: `There is no dispatch ${dispatchId}.` }))
      })

      const job = Effect.fnUntraced(function* (token: string, dispatchId: DispatchId) {
        const claims = yield* tokens.verify(token)
        const row = yield* find(dispatchId)
        const repositoryId = yield* Cache.get(repositoryIds, `${row.owner}/${row.repo}`)
        const refused = refusedClaims(claims, row, repositoryId)
        if (refused !== null) return yield* new InvalidToken({ message: refused })
        if (!(yield* credentials.useOnce(claims.jti, DateTime.makeUnsafe(claims.exp * 1000)))) {
          return yield* new InvalidToken({
            message: "The job's token was used before. Request a new one for each call."
          })
        }
        const runId = Number(claims.run_id)
        return { _tag: "Job", row, runId, claimant: `github/${runId}` } as const
      })

      const identify = Effect.fn("Callers.identify")(function* (
        token: string | null,
        dispatchId: DispatchId
      ) {
        if (token === null) {
          return yield* new InvalidToken({
            message:
              "The token is missing: send the job's OIDC token or the machine's token as Authorization: Bearer <token>."
          })
        }
        if (isJobToken(token)) return yield* job(token, dispatchId)
        const holder = yield* credentials.holder(token)
        if (holder === null) {
          return yield* unknownToken
        }
        if (holder.dispatchId !== dispatchId.toLowerCase()) {
          return yield* new InvalidToken({ message: "The token belongs to another dispatch." })
        }
        const row = yield* find(dispatchId)
        return holder.purpose === "questions"
          ? ({ _tag: "Asker", row } as const)
          : ({ _tag: "Machine", row, claimant: `fly/${holder.hash.slice(0, 16)}` } as const)
      })

      const refusal = Effect.fn("Callers.refusal")(function* (token: string) {
        if (!isJobToken(token)) return (yield* credentials.holder(token)) === null ? unknownToken : null
        const verified = yield* Effect.result(tokens.verify(token))
        // While the keys cannot be read, the call itself says so.
        return Result.isFailure(verified) && verified.failure._tag === "InvalidToken"
          ? verified.failure
          : null
      })

      return Callers.of({ identify, refusal })
    })
  )

  static readonly layer = this.layerNoDeps.pipe(Layer.provide(JobTokens.layer))
}
