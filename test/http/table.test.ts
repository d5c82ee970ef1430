import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Api } from "../../src/api/Api.ts"
import { ApiFailure, makePromiseClient } from "../../src/api/client.ts"
import { EventLimits } from "../../src/messaging/Events.ts"
import { Fly as LocalFly } from "../../src/sandbox/Fly.ts"
import { insertDispatch } from "../support/dispatchRow.ts"
import { dispatch, question, session } from "../support/apiSamples.ts"
import { withFly } from "../support/secretsServer.ts"
import { accessCode, client, send } from "../support/httpServer.ts"

interface Input {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number>>
  readonly payload?: unknown
  readonly headers?: Readonly<Record<string, number>>
  /** What Fly answers meanwhile. */
  readonly fly?: number
}

type Row = readonly [operation: string, status: number, input?: Input]

const id = (nth: number) => ({ params: { id: dispatch(nth).id } })
const ref = (issueId: string, payload?: unknown) => ({
  params: { issueId },
  ...(payload === undefined ? {} : { payload })
})
const team = (teamKey: string, rest: Input = {}) => ({ ...rest, params: { teamKey, ...rest.params } })
const secret = (name: string) => ({ payload: { name, value: Redacted.make("a-value") } })
const named = (name: string) => ({ params: { name } })
const repository = { owner: "acme", repo: "app" }
const odd = { id: "not-an-id" }

const ofIssues = ["unpark", "reset", "approve"].flatMap((name): ReadonlyArray<Row> => [
  [`issues.${name}`, 200, ref("ENG-1")],
  [`issues.${name}`, 400, ref("\0")],
  [`issues.${name}`, 404, ref("ENG-404")],
  [`issues.${name}`, 409, ref("ENG-409")]
])

const ofSecrets = (
  [
    ["listGlobal", {}, null, null],
    ["setGlobal", secret("A"), null, secret("A B")],
    ["deleteGlobal", named("A"), named("NOT_THERE"), named("A B")],
    ["list", team("ENG"), team("OPS"), team("E-9")],
    ["set", team("ENG", secret("A")), team("OPS", secret("A")), team("E-9", secret("A"))],
    ["delete", team("ENG", named("A")), team("OPS", named("A")), team("ENG", named("A B"))]
  ] as const
).flatMap(([name, good, absent, wrong]): ReadonlyArray<Row> => {
  const operation = `secrets.${name}`
  return [
    [operation, 503, { ...good, fly: 500 }],
    [operation, 422, { ...good, fly: 403 }],
    [operation, 200, good],
    ...(absent === null ? [] : [[operation, 404, absent] as const]),
    ...(wrong === null ? [] : [[operation, 400, wrong] as const])
  ]
})

/** In order: what comes later may need what came before. */
const rows: ReadonlyArray<Row> = [
  ["mappings.save", 201, { payload: { teamKey: "ENG", ...repository } }],
  ["mappings.save", 200, { payload: { teamKey: "ENG", ...repository } }],
  ["mappings.save", 400, { payload: { teamKey: "ENG", maxInProgressAiIssues: 101 } }],
  ["mappings.save", 409, { payload: { teamKey: "ENG_B", ...repository } }],
  ["mappings.list", 200],
  ["mappings.patch", 200, team("ENG", { payload: { paused: true } })],
  ["mappings.patch", 400, team("ENG", { payload: { paused: "yes" } })],
  ["mappings.patch", 404, team("OPS", { payload: { paused: true } })],
  ["mappings.readiness", 200, team("ENG")],
  ["mappings.readiness", 400, team("E-9")],
  ["mappings.readiness", 404, team("OPS")],
  ["mappings.readiness", 422, team("CI")],
  ["mappings.readiness", 503, team("WEB")],
  ["mappings.sync", 200, team("ENG")],
  ["mappings.sync", 400, team("E-9")],
  ["mappings.sync", 404, team("OPS")],
  ["mappings.sync", 422, team("CI")],
  ["mappings.sync", 503, team("WEB")],
  ["mappings.templates", 200, team("ENG")],
  ["mappings.templates", 400, team("E-9")],
  ["mappings.templates", 404, team("OPS")],
  ["mappings.templates", 503, team("WEB")],
  ...ofSecrets,
  ["secrets.set", 200, team("ENG", secret("A"))],
  ["mappings.delete", 400, team("E-9", { query: {} })],
  ["mappings.delete", 404, team("OPS", { query: {} })],
  ["mappings.delete", 409, team("ENG", { query: { ifIdle: "true" } })],
  ["mappings.delete", 422, team("ENG", { query: { secrets: "delete" }, fly: 403 })],
  ["mappings.delete", 503, team("ENG", { query: { secrets: "delete" }, fly: 500 })],
  ["mappings.delete", 200, team("ENG", { query: {} })],
  ["dispatches.log", 200, { query: { team: "ENG", limit: 2 } }],
  ["dispatches.log", 400, { query: { limit: 501 } }],
  ...["get", "events", "logs"].flatMap((name): ReadonlyArray<Row> => [
    [`dispatches.${name}`, 200, id(1)],
    [`dispatches.${name}`, 400, { params: odd }],
    [`dispatches.${name}`, 404, id(404)]
  ]),
  ["dispatches.cancel", 202, id(1)],
  ["dispatches.cancel", 400, { params: odd }],
  ["dispatches.cancel", 404, id(404)],
  ["dispatches.cancel", 409, id(9)],
  ["dispatches.retry", 202, id(1)],
  ["dispatches.retry", 400, { params: odd }],
  ["dispatches.retry", 404, id(404)],
  ["dispatches.retry", 409, id(409)],
  ["dispatches.retry", 422, id(422)],
  ["dispatches.retry", 503, id(9)],
  ["issues.list", 200, { query: { team: "ENG" } }],
  ["issues.list", 400, { query: { reason: "mood" } }],
  ...ofIssues,
  ["issues.reset", 422, ref("ENG-422")],
  ["issues.reset", 503, ref("ENG-2")],
  ["issues.reject", 200, ref("ENG-1", { reason: "Too large." })],
  ["issues.reject", 400, ref("ENG-1", { reason: "" })],
  ["issues.reject", 404, ref("ENG-404", { reason: "x" })],
  ["issues.reject", 409, ref("ENG-409", { reason: "x" })],
  ["issues.dispatch", 202, ref("ENG-1", { phase: "implementation" })],
  ["issues.dispatch", 400, ref("ENG-1", { phase: "sleep" })],
  ["issues.dispatch", 404, ref("ENG-404", {})],
  ["issues.dispatch", 409, ref("ENG-2", {})],
  ["issues.dispatch", 422, ref("ENG-422", {})],
  ["issues.dispatch", 503, ref("ENG-503", {})],
  ["issues.dedup", 200],
  ["issues.removeFromDedup", 200, ref("ENG-1")],
  ["issues.removeFromDedup", 400, ref("\0")],
  ["issues.removeFromDedup", 404, ref("ENG-404")],
  ["plans.get", 200, { params: { dispatchId: dispatch(1).id } }],
  ["plans.get", 400, { params: { dispatchId: "first" } }],
  ["plans.get", 404, { params: { dispatchId: dispatch(404).id } }],
  ["questions.list", 200],
  ["questions.answer", 200, { params: { id: question.id }, payload: { text: "The old one" } }],
  ["questions.answer", 400, { params: { id: question.id }, payload: { text: "" } }],
  ["questions.answer", 404, { ...id(404), payload: { text: "x" } }],
  ["questions.answer", 409, { params: { id: question.id }, payload: { text: "The new one" } }],
  ["sessions.list", 200],
  ["sessions.destroy", 200, { params: { machineId: session.machineId } }],
  ["sessions.destroy", 400, { params: { machineId: "a b" } }],
  ["sessions.destroy", 404, { params: { machineId: "148e00000000" } }],
  ["sessions.destroy", 422, { params: { machineId: "422" } }],
  ["sessions.destroy", 503, { params: { machineId: "503" } }],
  ["operations.overview", 200],
  ["operations.poll", 202],
  ["operations.pause", 200, { payload: { paused: false } }],
  ["operations.pause", 400, { payload: { paused: "no" } }],
  ["operations.runnerMode", 200],
  ["operations.setRunnerMode", 200, { payload: { mode: "gha" } }],
  ["operations.setRunnerMode", 400, { payload: { mode: "odd" } }],
  ["operations.settings", 200],
  ["operations.saveSettings", 200, { payload: { flySessionsRegion: "ams" } }],
  ["operations.saveSettings", 400, { payload: { flySessionsRegion: "A B" } }],
  ["audit.list", 200, { query: { limit: 1 } }],
  ["audit.list", 400, { query: { limit: 501 } }],
  ["connectionTests.try", 200, { params: { what: "linear" } }],
  ["connectionTests.try", 400, { params: { what: "moon" } }],
  ["setup.get", 200],
  ["setup.setPollingOnly", 200, { payload: { pollingOnly: true } }],
  ["setup.setPollingOnly", 400, { payload: { pollingOnly: "yes" } }],
  ["setup.prepareApp", 200, { payload: { organization: "acme", origin: "http://localhost:8080" } }],
  ["setup.prepareApp", 400, { payload: { organization: "a/b", origin: "http://localhost:8080" } }],
  ["setup.receiveApp", 200, { payload: { code: "a", state: "b" } }],
  ["setup.receiveApp", 400, { payload: { code: "", state: "b" } }],
  ...[409, 422, 503].map((status): Row => [
    "setup.receiveApp",
    status,
    { payload: { code: String(status), state: "b" } }
  ]),
  ...[200, 409, 422, 503].map((status): Row => ["setup.createWebhook", status]),
  ["setup.createLabel", 200, { payload: { teamKey: "ENG" } }],
  ["setup.createLabel", 400, { payload: { teamKey: "E-9" } }],
  ["setup.createLabel", 404, { payload: { teamKey: "NO" } }],
  ["setup.createLabel", 422, { payload: { teamKey: "CI" } }],
  ["setup.createLabel", 503, { payload: { teamKey: "WEB" } }],
  ["setup.createTestIssue", 201, { payload: { teamKey: "ENG" } }],
  ["setup.createTestIssue", 400, { payload: { teamKey: "E-9" } }],
  ["setup.createTestIssue", 404, { payload: { teamKey: "NO" } }],
  ["setup.createTestIssue", 409, { payload: { teamKey: "OPS" } }],
  ["setup.createTestIssue", 422, { payload: { teamKey: "CI" } }],
  ["setup.createTestIssue", 503, { payload: { teamKey: "WEB" } }],
  ...[200, 404, 422, 503].map((status): Row => ["setup.removeTestIssue", status]),
  ["events.stream", 200],
  ["events.stream", 400, { headers: { "last-event-id": -1 } }],
  ["auth.signIn", 200, { payload: { code: accessCode } }],
  ["auth.signIn", 400, { payload: { code: "" } }],
  ...Array.from({ length: 5 }, (): Row => ["auth.signIn", 401, { payload: { code: "wrong" } }]),
  ["auth.signIn", 429, { payload: { code: "wrong" } }],
  ["auth.signOut", 204]
]

/** Where Linear is not set up and the event stream is full. */
const rowsWithout: ReadonlyArray<Row> = [
  ["operations.poll", 503],
  ["events.stream", 429]
]

interface Described {
  readonly operationId?: string
  readonly parameters?: ReadonlyArray<object>
  readonly requestBody?: object
  readonly responses: object
}
const described = Object.entries(OpenApi.fromApi(Api).paths).flatMap(([path, methods]) =>
  Object.entries(methods as Readonly<Record<string, Described>>).map(([method, operation]) => ({
    name: operation.operationId ?? "",
    method: method.toUpperCase(),
    path,
    hasInput: operation.requestBody !== undefined || (operation.parameters ?? []).length > 0,
    statuses: Object.keys(operation.responses)
      .map(Number)
      .filter((status) => !Number.isNaN(status))
  }))
)

const reasons: Readonly<Record<number, ReadonlyArray<string>>> = {
  400: ["Invalid"],
  401: ["Unauthorized", "InvalidAccessCode"],
  404: ["NotFound"],
  409: ["Conflict", "NotAdmitted"],
  422: ["UpstreamRefused"],
  429: ["TooManyAttempts", "TooManyStreams"],
  503: ["UpstreamUnavailable"]
}

const bodyOf = (payload: unknown) =>
  JSON.stringify(payload, (_, value: unknown) => (Redacted.isRedacted(value) ? Redacted.value(value) : value))

/** Asks for a row; gives the status and the name of the error. */
type Ask = (
  row: Row
) => Effect.Effect<
  { readonly status: number | null; readonly reason: string | null },
  never,
  HttpServer.HttpServer
>

const raw = (token: string | null) =>
  Effect.succeed<Ask>(
    Effect.fnUntraced(function* ([name, , input = {}]) {
      const route = described.find((each) => each.name === name)
      assert.isDefined(route, name)
      const path = route.path.replaceAll(/\{(\w+)\}/g, (_, part: string) =>
        encodeURIComponent(input.params?.[part] ?? "1")
      )
      const query = new URLSearchParams(
        Object.entries(input.query ?? {}).map(([key, value]): [string, string] => [key, String(value)])
      )
      const { json, status } = yield* send(`${path}?${query}`, {
        method: route.method,
        headers: {
          ...Object.fromEntries(
            Object.entries(input.headers ?? {}).map(([key, value]) => [key, String(value)])
          ),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(input.payload === undefined ? {} : { "content-type": "application/json" })
        },
        ...(input.payload === undefined ? {} : { body: bodyOf(input.payload) })
      })
      return { status, reason: (json as { readonly _tag?: string } | undefined)?._tag ?? null }
    })
  )

type Calls = Readonly<Record<string, Readonly<Record<string, (request: unknown) => Promise<unknown>>>>>

/** A success has no status there. */
const throughClient = Effect.fnUntraced(function* (token: string | null) {
  const { address } = yield* HttpServer.HttpServer
  const url = `http://127.0.0.1:${"port" in address ? address.port : 0}`
  const calls = makePromiseClient({ url, token: () => token }) as unknown as Calls
  return Effect.fnUntraced(function* ([name, , input = {}]) {
    const [group = "", method = ""] = name.split(".")
    const { fly: _, ...request } = input
    const call = calls[group]?.[method]
    assert.isDefined(call, name)
    return yield* Effect.promise(() =>
      call({ query: {}, headers: {}, ...request }).then(
        () => ({ status: null, reason: null }),
        (error: unknown) => {
          assert.instanceOf(error, ApiFailure, name)
          return { status: null, reason: error.reason }
        }
      )
    )
  }) satisfies Ask
})

const transports = { "raw HTTP": raw, "the generated client": throughClient }

const play = Effect.fnUntraced(function* (
  table: ReadonlyArray<Row>,
  transport: typeof raw | typeof throughClient
) {
  const { token } = yield* client
  const ask = yield* transport(token)
  const { control } = yield* LocalFly
  for (const row of table) {
    const [name, status, input = {}] = row
    if (input.fly !== undefined) {
      control.failNext({
        times: Infinity,
        action: { _tag: "status", status: input.fly, body: { error: "No." } }
      })
    }
    const answer = yield* ask(row)
    control.clearFaults()
    const summary = `${name} ${status}: ${JSON.stringify(answer)}`
    if (answer.status !== null) assert.strictEqual(answer.status, status, summary)
    if (status < 400) assert.isNull(answer.reason, summary)
    else assert.include<unknown>(reasons[status] ?? [], answer.reason, summary)
  }
})

describe("every route", () => {
  it("has a row for each status that its contract declares", () => {
    const covered = new Set([...rows, ...rowsWithout].map(([name, status]) => `${name} ${status}`))
    const missing = described.flatMap(({ hasInput, name, statuses }) =>
      statuses
        .filter((status) => status !== 401 && (status !== 400 || hasInput))
        .map((status) => `${name} ${status}`)
        .filter((each) => !covered.has(each))
    )
    assert.deepStrictEqual(missing, [])
  })

  for (const [name, transport] of Object.entries(transports)) {
    it.live(
      `answers as its contract says through ${name}`,
      () =>
        Effect.gen(function* () {
          yield* insertDispatch()
          yield* play(rows, transport)
        }).pipe(Effect.provide(withFly())),
      60_000
    )

    it.live(`says through ${name} what is not set up, and that no more may follow`, () =>
      play(rowsWithout, transport).pipe(
        Effect.provide(
          withFly({ LINEAR_API_KEY: "" }).pipe(
            Layer.provide(Layer.succeed(EventLimits, { ...EventLimits.defaultValue(), maxWatchers: 0 }))
          )
        )
      )
    )

    it.live(`is closed through ${name} to whoever is not signed in`, () =>
      Effect.gen(function* () {
        const ask = yield* transport(null)
        for (const { name } of described.filter(({ name }) => name !== "auth.signIn")) {
          const good = rows.find(([each, status]) => each === name && status < 400)
          assert.isDefined(good, name)
          const { reason } = yield* ask(good)
          assert.strictEqual(reason, "Unauthorized", name)
        }
      }).pipe(Effect.provide(withFly()))
    )
  }
})
