import { assert } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import { serve } from "../../src/sandbox/Upstream.ts"
import { UpstreamError } from "../../src/upstreams/UpstreamError.ts"
import { similarBytes } from "./similar.ts"

const parse = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

const numbers = ["", "0", "-1", "0.5", "1e308", "1e999", "NaN", "soon", "99999999999999999999"]
const statuses = [200, 201, 204, 206, 302, 304, 400, 401, 403, 404, 408, 409, 410, 422, 429, 500, 503]

interface Bend {
  /** Headers that the client reads. */
  readonly headers: ReadonlyArray<string>
  /** The body of a refusal, as the vendor writes it. */
  readonly refusal: object
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** Answers as they are, mutated, or refusals like the vendor's. */
const answers = ({ headers, refusal }: Bend, status: number, text: string): fc.Arbitrary<Answer> => {
  const bentHeaders = fc.dictionary(fc.constantFrom(...headers), fc.constantFrom(...numbers), { maxKeys: 3 })
  const body = Option.match(parse(text), { onNone: () => fc.constant(text), onSome: similarBytes })
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant({ status, headers: {}, body: text }) },
    { weight: 5, arbitrary: fc.record({ status: fc.constant(status), headers: bentHeaders, body }) },
    {
      weight: 2,
      arbitrary: fc.record({
        status: fc.constantFrom(...statuses),
        headers: bentHeaders,
        body: similarBytes(refusal)
      })
    }
  )
}

/** Stands before a local upstream, and bends most of what it answers. */
export const mutating = (bend: Bend) =>
  Effect.fnUntraced(function* (url: string) {
    const { origin, pathname } = new URL(url)
    const client = yield* HttpClient.HttpClient
    const { url: mutated } = yield* serve({
      name: "mutating",
      handler: Effect.fnUntraced(function* ({ body, headers, method, url }) {
        const { authorization = "", "content-type": type = "application/json" } = headers
        const asked = HttpClientRequest.get(`${origin}${url.pathname}${url.search}`, {
          headers: { authorization }
        }).pipe(
          HttpClientRequest.setMethod(method === "POST" ? "POST" : method === "DELETE" ? "DELETE" : "GET")
        )
        const { status, text } = yield* client
          .execute(body === "" ? asked : HttpClientRequest.bodyText(asked, body, type))
          .pipe(
            Effect.flatMap((response) =>
              Effect.map(response.text, (text) => ({ status: response.status, text }))
            ),
            Effect.orDie
          )
        const [answer] = fc.sample(answers(bend, status, text), 1)
        return {
          ...answer,
          status: answer?.status ?? 500,
          headers: { "content-type": "application/json; charset=utf-8", ...answer?.headers }
        }
      })
    })
    return mutated + pathname.replace(/\/$/, "")
  }, Effect.provide(FetchHttpClient.layer))

/** What ends in an `integer` of the database. */
const integers = new Set(["number", "priority", "cpus", "memoryMb"])

const assertStorable = (value: unknown): void => {
  if (DateTime.isDateTime(value)) return assert.match(DateTime.formatIso(value), /^(?:19[7-9]\d|[2-9]\d{3})-/)
  if (typeof value === "string") {
    assert.isTrue(value.isWellFormed() && !value.includes("\0"), JSON.stringify(value).slice(0, 200))
  }
  if (typeof value !== "object" || value === null) return
  for (const [name, each] of Object.entries(value)) {
    if (integers.has(name) && typeof each === "number") assert.isBelow(each, 2 ** 31, name)
    assertStorable(name)
    assertStorable(each)
  }
}

const tagOf = (end: Exit.Exit<unknown, UpstreamError>) => {
  if (Exit.isSuccess(end)) {
    assertStorable(end.value)
    return "success"
  }
  const error = Cause.squash(end.cause)
  if (!(error instanceof UpstreamError)) return assert.fail(Cause.pretty(end.cause))
  assertStorable(error.message)
  assert.notMatch(error.message, /undefined|NaN|Infinity|\[object/)
  return error.reason._tag
}

/** Calls end with what the database can hold, or with an error that says what happened; gives the kinds of ends. */
export const assertUnderstood = Effect.fnUntraced(function* (
  calls: ReadonlyArray<Effect.Effect<unknown, UpstreamError>>,
  times: number
) {
  const ends = yield* Effect.forEach(
    Array.from({ length: times }).flatMap(() => calls),
    Effect.exit,
    { concurrency: 32 }
  )
  return [...new Set(ends.map(tagOf))]
})
