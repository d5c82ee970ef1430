import * as Cache from "effect/Cache"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import { AppConfig } from "../../platform/Config.ts"
import type { Repository } from "../CodeHost.ts"
import type { Answer, UpstreamCall } from "../client/errors.ts"
import { type Limited, nextLimited } from "../client/limits.ts"
import { makeUpstream } from "../client/upstream.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import { errors, isSecondaryLimit, maxWait, refusal } from "./errors.ts"
import { makeLimiter } from "./limiter.ts"
import { type Operation, operations } from "./operations.ts"
import {
  Installation,
  IssuedToken,
  makeSigner,
  makeTokens,
  nameOf,
  permissions,
  type Scope,
  type Token
} from "./tokens.ts"
import { type GitHubAnswer, makeBudgets, makeSend } from "./transport.ts"

export interface AppRequest<S extends Schema.ConstraintDecoder<unknown>> extends UpstreamCall {
  readonly operation: Operation
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly body: S
}

export interface Request<S extends Schema.ConstraintDecoder<unknown>> extends AppRequest<S> {
  readonly repository: Repository
  /** The meaning of an unsuccessful answer that is not a refusal. */
  readonly also?: (answer: Answer) => S["Type"] | undefined
  /** Its answer is not stored for conditional requests. */
  readonly once?: true
  /** What its token may do; `runs` when absent. */
  readonly scope?: Scope
}

interface Known {
  readonly etag: string
  readonly body: unknown
}

const maxKnown = 200

const kindOf = (operation: Operation) => (operations[operation].startsWith("GET ") ? "read" : "write")

/** GitHub's REST API as the App: about itself, or about one repository with a token for only that. */
export class Client extends Context.Service<
  Client,
  {
    /** Removes the stored token of the scope. */
    readonly discardToken: (repository: Repository, scope: Scope) => Effect.Effect<void>
    /** A new token for one repository with the permissions of the scope; nothing keeps it. */
    readonly token: (
      repository: Repository,
      scope: Scope
    ) => Effect.Effect<typeof IssuedToken.Type, UpstreamError>
    readonly app: <S extends Schema.ConstraintDecoder<unknown>>(
      request: AppRequest<S>
    ) => Effect.Effect<S["Type"], UpstreamError>
    /** A read as one installation, of whatever it covers. */
    readonly installation: <S extends Schema.ConstraintDecoder<unknown>>(
      request: AppRequest<S> & { readonly installationId: number }
    ) => Effect.Effect<S["Type"], UpstreamError>
    /** A read, or a write that may be repeated. A read whose answer has not changed costs no budget. */
    readonly ask: <S extends Schema.ConstraintDecoder<unknown>>(
      request: Request<S>
    ) => Effect.Effect<S["Type"], UpstreamError>
    /** Sent at most once, in its turn, and only when `proceed`, evaluated last, is true. */
    readonly launch: <S extends Schema.ConstraintDecoder<unknown>>(
      request: Request<S>,
      proceed: Effect.Effect<boolean>
    ) => Effect.Effect<S["Type"], UpstreamError>
  }
>()("ai-implement/upstreams/github/Client") {
  static readonly layer = Layer.effect(
    Client,
    Effect.gen(function* () {
      const config = yield* AppConfig
      const limiter = yield* makeLimiter
      const { GITHUB_APP_ID: appId, GITHUB_APP_PRIVATE_KEY: privateKey } = config
      if (appId === null || privateKey === null) {
        const missing = [
          ...(appId === null ? ["GITHUB_APP_ID"] : []),
          ...(privateKey === null ? ["GITHUB_APP_PRIVATE_KEY"] : [])
        ]
        const refuse = ({ name }: UpstreamCall) => Effect.fail(errors.notConfigured(name, missing))
        return Client.of({
          app: refuse,
          installation: refuse,
          ask: refuse,
          launch: refuse,
          discardToken: () => Effect.void,
          token: () => Effect.fail(errors.notConfigured("token", missing))
        })
      }
      const url = config.GITHUB_API_URL
      const send = yield* makeSend(url)
      let limited: Limited | null = null
      const upstream = yield* makeUpstream({
        errors,
        url,
        refusal: (call: UpstreamCall, answer: GitHubAnswer, now) => {
          limited = nextLimited(limited, isSecondaryLimit(answer), now, maxWait)
          return refusal(call, answer, now, limited)
        },
        budgets: makeBudgets(),
        slot: limiter.slot
      })
      const sign = makeSigner({ appId, privateKey })
      // The last answers by request, so that an unchanged one costs no budget.
      const etags = yield* Cache.make({
        capacity: maxKnown,
        lookup: (_: string): Effect.Effect<Known> => Effect.never
      })

      const app = Effect.fnUntraced(function* <S extends Schema.ConstraintDecoder<unknown>>(
        request: AppRequest<S>
      ): Effect.fn.Return<S["Type"], UpstreamError> {
        yield* limiter.turn(kindOf(request.operation))
        const authorization = yield* sign(request)
        const { body } = yield* upstream.ask({
          ...request,
          send: send({ parameters: {}, ...request, authorization, owner: null })
        })
        return body
      })

      const token = Effect.fnUntraced(function* (
        { owner, repo }: Repository,
        scope: Scope
      ): Effect.fn.Return<typeof IssuedToken.Type, UpstreamError> {
        const where = `${owner}/${repo}`
        const { id } = yield* app({
          name: "token",
          to: `act on ${where}`,
          absent: `the App is not installed on ${where}, or there is no such repository; install it there or correct the mapping`,
          operation: "apps/get-repo-installation",
          parameters: { owner, repo },
          body: Installation
        })
        return yield* app({
          name: "token",
          to: `give a token for ${where} with ${textOf(scope)}`,
          operation: "apps/create-installation-access-token",
          parameters: { installation_id: id, repositories: [repo], permissions: permissions[scope] },
          body: IssuedToken
        })
      })

      const installation = Effect.fnUntraced(function* <S extends Schema.ConstraintDecoder<unknown>>({
        installationId,
        ...request
      }: AppRequest<S> & { readonly installationId: number }): Effect.fn.Return<S["Type"], UpstreamError> {
        const { token } = yield* app({
          name: request.name,
          to: "give a token for the installation",
          operation: "apps/create-installation-access-token",
          parameters: { installation_id: installationId, permissions: { metadata: "read" } },
          body: IssuedToken
        })
        yield* limiter.turn(kindOf(request.operation))
        const { body } = yield* upstream.ask({
          ...request,
          send: send({ parameters: {}, ...request, authorization: `token ${token}`, owner: null })
        })
        return body
      })

      const tokens = yield* makeTokens(({ scope, ...repository }) => token(repository, scope))

      const tokenOf = ({ repository, scope = "runs" }: Request<Schema.ConstraintDecoder<unknown>>) =>
        nameOf({ ...repository, scope })

      const tokenFor = (request: Request<Schema.ConstraintDecoder<unknown>>) =>
        Cache.get(tokens, tokenOf(request))

      // A refused token says nothing about GitHub: another one is requested.
      const sending = <S extends Schema.ConstraintDecoder<unknown>>(
        request: Request<S>,
        token: Token,
        known?: Known
      ) => ({
        ...request,
        send: send({
          operation: request.operation,
          parameters: { ...request.repository, ...request.parameters },
          authorization: `token ${Redacted.value(token.value)}`,
          owner: request.repository.owner,
          etag: known?.etag
        }),
        // The request determines the type of the answer: one key of `etags` always holds one type.
        also: (answer: Answer) =>
          answer.status === 304 ? (known?.body as S["Type"] | undefined) : request.also?.(answer),
        excused: isUnauthorized
      })

      // Drops a token that GitHub refuses, unless another request has replaced it already.
      const droppingStale =
        (request: Request<Schema.ConstraintDecoder<unknown>>, token: Token) =>
        <A>(call: Effect.Effect<A, UpstreamError>) =>
          Effect.tapError(call, (error) =>
            isUnauthorized(error)
              ? Cache.invalidateWhen(tokens, tokenOf(request), ({ value }) => value === token.value)
              : Effect.void
          )

      const attempt = Effect.fnUntraced(function* <S extends Schema.ConstraintDecoder<unknown>>(
        request: Request<S>,
        token: Token
      ): Effect.fn.Return<S["Type"], UpstreamError> {
        const isCacheable = kindOf(request.operation) === "read" && request.once !== true
        const key = JSON.stringify([request.operation, request.repository, request.parameters])
        const known = isCacheable ? Option.getOrUndefined(yield* Cache.getOption(etags, key)) : undefined
        const { body, headers } = yield* upstream
          .ask(sending(request, token, known))
          .pipe(droppingStale(request, token))
        const { etag } = headers
        if (isCacheable && etag !== undefined) yield* Cache.set(etags, key, { etag, body })
        return body
      })

      const ask = Effect.fnUntraced(function* <S extends Schema.ConstraintDecoder<unknown>>(
        request: Request<S>
      ): Effect.fn.Return<S["Type"], UpstreamError> {
        yield* limiter.turn(kindOf(request.operation))
        return yield* Effect.catchIf(attempt(request, yield* tokenFor(request)), isUnauthorized, () =>
          Effect.flatMap(tokenFor(request), (token) => attempt(request, token))
        )
      })

      const launch = Effect.fnUntraced(function* <S extends Schema.ConstraintDecoder<unknown>>(
        request: Request<S>,
        proceed: Effect.Effect<boolean>
      ): Effect.fn.Return<S["Type"], UpstreamError> {
        yield* limiter.turn("launch")
        const token = yield* tokenFor(request)
        const { body } = yield* upstream
          .launch(sending(request, token), proceed)
          .pipe(droppingStale(request, token))
        return body
      })

      const discardToken = (repository: Repository, scope: Scope) =>
        Cache.invalidate(tokens, nameOf({ ...repository, scope }))

      return Client.of({ app, installation, ask, launch, token, discardToken })
    })
  )
}

const isUnauthorized = ({ reason }: UpstreamError) => reason._tag === "Unauthorized"

const textOf = (scope: Scope) =>
  Object.entries(permissions[scope])
    .map(([name, level]) => `${name}: ${level}`)
    .join(", ")
