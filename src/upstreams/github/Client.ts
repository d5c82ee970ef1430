import * as Cache from "effect/Cache"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { AppConfig } from "../../platform/Config.ts"
import type { Repository } from "../CodeHost.ts"
import { CallTimeout, LaunchTimeout, withRetry } from "../client/call.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import { type UpstreamCall, fail, notConfigured, timedOut } from "./errors.ts"
import { makeEtags } from "./etags.ts"
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
import { makeTransport, type Sent } from "./transport.ts"

export interface AppRequest<S extends Schema.ConstraintDecoder<unknown>> extends UpstreamCall {
  readonly operation: Operation
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly body: S
}

export interface Request<S extends Schema.ConstraintDecoder<unknown>> extends AppRequest<S> {
  readonly repository: Repository
  readonly also?: ReadonlyArray<number>
  /** Its answer is not kept to be compared with. */
  readonly once?: true
  /** What its token may do; `runs` when absent. */
  readonly scope?: Scope
}

const kindOf = (operation: Operation) => (operations[operation].startsWith("GET ") ? "read" : "write")

/** GitHub's REST API as the App: on itself, or on one repository with a token narrowed to it. */
export class Client extends Context.Service<
  Client,
  {
    readonly app: <S extends Schema.ConstraintDecoder<unknown>>(
      request: AppRequest<S>
    ) => Effect.Effect<S["Type"], UpstreamError>
    /** A read, or a write that may be repeated. A read whose answer has not changed costs no budget. */
    readonly ask: <S extends Schema.ConstraintDecoder<unknown>>(
      request: Request<S>
    ) => Effect.Effect<S["Type"], UpstreamError>
    /** Sent once at most, after its turn has come and `proceed`, asked last, has said yes. */
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
      const timeout = yield* CallTimeout
      const launchTimeout = yield* LaunchTimeout
      const limiter = yield* makeLimiter
      const { GITHUB_APP_ID: appId, GITHUB_APP_PRIVATE_KEY: privateKey } = config
      if (appId === null || privateKey === null) {
        const missing = [
          ...(appId === null ? ["GITHUB_APP_ID"] : []),
          ...(privateKey === null ? ["GITHUB_APP_PRIVATE_KEY"] : [])
        ]
        const refuse = ({ name }: UpstreamCall) => Effect.fail(notConfigured(name, missing))
        return Client.of({ app: refuse, ask: refuse, launch: refuse })
      }
      const transport = yield* makeTransport(config.GITHUB_API_URL)
      const sign = makeSigner({ appId, privateKey })
      const etags = makeEtags()

      const send = <S extends Schema.ConstraintDecoder<unknown>>(sent: Sent<S>) =>
        limiter.slot(transport(sent))

      const app = Effect.fnUntraced(function* <S extends Schema.ConstraintDecoder<unknown>>(
        request: AppRequest<S>
      ): Effect.fn.Return<S["Type"], UpstreamError> {
        yield* limiter.turn(kindOf(request.operation))
        const authorization = yield* sign(request)
        const sent = { parameters: {}, ...request, authorization, timeout, owner: null }
        const { body } = yield* withRetry(() => timedOut(request, timeout))(send(sent))
        return body
      })

      const tokens = yield* makeTokens(
        Effect.fnUntraced(function* ({ owner, repo, scope }) {
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
      )

      const tokenOf = ({ repository, scope = "runs" }: Request<Schema.ConstraintDecoder<unknown>>) =>
        nameOf({ ...repository, scope })

      const tokenFor = (request: Request<Schema.ConstraintDecoder<unknown>>) =>
        Cache.get(tokens, tokenOf(request))

      /** A token that GitHub no longer takes is forgotten, unless another request has replaced it already. */
      const withToken = <S extends Schema.ConstraintDecoder<unknown>, A>(
        request: Request<S>,
        token: Token,
        use: (sent: Sent<S>) => Effect.Effect<A, UpstreamError>
      ) =>
        use({
          ...request,
          parameters: { ...request.repository, ...request.parameters },
          authorization: `token ${Redacted.value(token.value)}`,
          timeout,
          owner: request.repository.owner
        }).pipe(
          Effect.tapError((error) =>
            isUnauthorized(error)
              ? Cache.invalidateWhen(tokens, tokenOf(request), ({ value }) => value === token.value)
              : Effect.void
          )
        )

      const repeatable = <S extends Schema.ConstraintDecoder<unknown>>(request: Request<S>) => {
        if (kindOf(request.operation) !== "read" || request.once === true) {
          return (sent: Sent<S>) => Effect.map(send(sent), ({ body }) => body)
        }
        const key = JSON.stringify([request.operation, request.repository, request.parameters])
        return Effect.fnUntraced(function* (sent: Sent<S>): Effect.fn.Return<S["Type"], UpstreamError> {
          const { etag, body } = yield* send({ ...sent, known: etags.get<S["Type"]>(key) })
          if (etag !== undefined) etags.put(key, { etag, body })
          return body
        })
      }

      const ask = Effect.fnUntraced(function* <S extends Schema.ConstraintDecoder<unknown>>(
        request: Request<S>
      ): Effect.fn.Return<S["Type"], UpstreamError> {
        const use = repeatable(request)
        const patient = withRetry(() => timedOut(request, timeout))
        const attempt = (token: Token) => withToken(request, token, (sent) => patient(use(sent)))
        yield* limiter.turn(kindOf(request.operation))
        return yield* Effect.catchIf(attempt(yield* tokenFor(request)), isUnauthorized, () =>
          Effect.flatMap(tokenFor(request), attempt)
        )
      })

      const launch = Effect.fnUntraced(function* <S extends Schema.ConstraintDecoder<unknown>>(
        request: Request<S>,
        proceed: Effect.Effect<boolean>
      ): Effect.fn.Return<S["Type"], UpstreamError> {
        yield* limiter.turn("launch")
        const token = yield* tokenFor(request)
        const { body } = yield* withToken(request, token, (sent) =>
          limiter.slot(
            Effect.flatMap(proceed, (may) =>
              may ? transport({ ...sent, timeout: launchTimeout }) : Effect.fail(heldBack(request))
            )
          )
        )
        return body
      })

      return Client.of({ app, ask, launch })
    })
  )
}

const isUnauthorized = ({ reason }: UpstreamError) => reason._tag === "Unauthorized"

const textOf = (scope: Scope) =>
  Object.entries(permissions[scope])
    .map(([name, level]) => `${name}: ${level}`)
    .join(", ")

const heldBack = (asked: UpstreamCall) =>
  fail(asked, [
    { _tag: "Unavailable", delivery: "not_sent" },
    `GitHub was not asked to ${asked.to}: its turn came too late. Nothing was sent; it is tried again.`
  ])
