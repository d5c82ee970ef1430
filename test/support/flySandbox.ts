import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { Fly, type Options } from "../../src/sandbox/Fly.ts"

const token = "FlyV1 fm2_local"

export interface Sent {
  readonly body?: unknown
  readonly token?: string
}

export const machine = {
  image: "images.test/sessions:1",
  guest: { cpu_kind: "shared", cpus: 2, memory_mb: 1024 },
  restart: { policy: "no" }
}

type Method = "GET" | "POST" | "DELETE"

/** A local Fly with the app `sessions`, whose machines wait for the controls, and a way to ask it. */
export const setup = (options: Partial<Options> = {}) =>
  Effect.gen(function* () {
    const fly = yield* Fly.make({
      tokens: [{ token }],
      apps: ["sessions"],
      start: "manual",
      rateLimits: false,
      ...options
    })
    const send = (method: Method, path: string, sent: Sent = {}) =>
      Effect.gen(function* () {
        const client = yield* HttpClient.HttpClient
        const request = HttpClientRequest.make(method)(fly.apiUrl + path, {
          headers: { authorization: sent.token ?? token }
        })
        const answer = yield* client.execute(
          sent.body === undefined ? request : HttpClientRequest.bodyJsonUnsafe(request, sent.body)
        )
        return { status: answer.status, body: (yield* answer.json) as unknown as Answer }
      }).pipe(Effect.provide(FetchHttpClient.layer), Effect.orDie)
    const machines = "/apps/sessions/machines"
    const create = (config: object = {}, more: object = {}) =>
      Effect.map(
        send("POST", machines, { body: { config: { ...machine, ...config }, ...more } }),
        ({ status, body }) => {
          assert.strictEqual(status, 200, body.error)
          return body
        }
      )
    const get = (id: string) => Effect.map(send("GET", `${machines}/${id}`), ({ body }) => body)
    const list = (query = "") =>
      Effect.map(send("GET", machines + query), ({ body }) => body as unknown as ReadonlyArray<Answer>)
    return { fly, send, create, get, list, machines }
  })

/** The parts of Fly's answers that the tests read. */
export interface Answer {
  readonly [name: string]: unknown
  readonly id: string
  readonly name: string
  readonly state: string
  readonly region: string
  readonly error: string
  readonly version: number
  readonly instance_id: string
  readonly config: { readonly metadata?: Readonly<Record<string, string>>; readonly image: string }
  readonly events: ReadonlyArray<{
    readonly type: string
    readonly status: string
    readonly source: string
    readonly request?: { readonly exit_event: Readonly<Record<string, unknown>> }
  }>
  readonly secrets: ReadonlyArray<Readonly<Record<string, string>>>
}

export const refused = (
  status: number,
  error: string,
  call: Effect.Effect<{ readonly status: number; readonly body: Answer }>
) =>
  Effect.map(call, (answer) => {
    assert.strictEqual(answer.status, status)
    assert.include(answer.body.error, error)
  })
