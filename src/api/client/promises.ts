import type * as Brand from "effect/Brand"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as HttpApi from "effect/http-api/HttpApi"
import type * as HttpApiClient from "effect/http-api/HttpApiClient"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import type * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { Api } from "../Api.ts"
import { type ClientOptions, makeClient } from "./make.ts"
import { failureOf } from "./failure.ts"

// Ids are plain strings here.
type Unbranded<A> = A extends string
  ? A extends Brand.Brand<string>
    ? string
    : A
  : A extends DateTime.Utc | Redacted.Redacted<unknown>
    ? A
    : A extends object
      ? { readonly [Key in keyof A]: Unbranded<A[Key]> }
      : A

// As JSON has it: times are ISO 8601 strings.
type Plain<A> = A extends DateTime.Utc
  ? string
  : A extends string
    ? Unbranded<A>
    : A extends Stream.Stream<infer B, infer _E, infer _R>
      ? AsyncIterable<Plain<B>>
      : A extends object
        ? { readonly [Key in keyof A]: Plain<A[Key]> }
        : A

type Request<E extends HttpApiEndpoint.ConstraintRequest> = Unbranded<
  HttpApiEndpoint.ClientRequest<
    E["~Params"],
    E["~Query"],
    E["~Payload"],
    E["~Headers"],
    "decoded-only",
    never
  >
>

type Method<E> = E extends HttpApiEndpoint.ConstraintRequest
  ? (
      request: Request<E>,
      options?: { readonly signal?: AbortSignal }
    ) => Promise<Plain<HttpApiClient.SuccessType<E["~Success"]>>>
  : never

type Groups = typeof Api extends HttpApi.HttpApi<infer _Id, infer G> ? G : never

/** The calls of the API as promises; a failed one is rejected with an `ApiFailure`. */
export type PromiseClient = {
  readonly [Group in Groups as HttpApiGroup.Identifier<Group>]: {
    readonly [Name in keyof Group["endpoints"]]: Method<Group["endpoints"][Name]>
  }
}

const fail = (error: unknown) => Effect.flatMap(failureOf(error), Effect.fail)

const plain = (value: unknown): unknown =>
  Stream.isStream(value)
    ? Stream.toAsyncIterable(
        value.pipe(
          Stream.map(plain),
          Stream.catch((error) => Stream.fromEffect(fail(error)))
        ) as Stream.Stream<unknown>
      )
    : value === undefined
      ? value
      : JSON.parse(JSON.stringify(value))

type Call = (request: unknown) => Effect.Effect<unknown, unknown>

const promised =
  (call: Call) =>
  (request?: unknown, options: { readonly signal?: AbortSignal } = {}) =>
    Effect.runPromise(call(request ?? {}).pipe(Effect.catch(fail), Effect.map(plain)), options)

const mapValues = <A, B>(record: object, f: (value: A) => B) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]))

/** The typed client on promises and the platform's `fetch`, in Node and in browsers. */
export const makePromiseClient = (options: ClientOptions): PromiseClient => {
  const client = Effect.runSync(makeClient(options).pipe(Effect.provide(FetchHttpClient.layer)))
  return mapValues(client, (group: object) => mapValues(group, promised)) as PromiseClient
}
