import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Fly } from "../../src/upstreams/fly/Fly.ts"
import { Fly as LocalFly } from "../../src/sandbox/Fly.ts"
import { MachineSecretsRepo } from "../../src/dispatching/sessions/MachineSecretsRepo.ts"
import { type Answer, client, send, server } from "../support/httpServer.ts"
import { everything, Lines, sessionsApp, withFly } from "../support/secretsServer.ts"
import { StoredTeamKey } from "../../src/domain/Ids.ts"

const canary = "canary-7f3b-value"
const repository = { owner: "acme", repo: "app" }

const start = Effect.gen(function* () {
  const { call, headers } = yield* client
  const local = yield* LocalFly
  const map = (teamKey: string) => call("POST", "/api/mappings", { teamKey, ...repository })
  const set = (path: string, name: string, value = canary) => call("POST", path, { name, value })
  /** What Fly holds, and what a machine of the team is given of it. */
  const given = (teamKey: string) =>
    Effect.flatMap(MachineSecretsRepo, (secrets) =>
      secrets.of(sessionsApp, StoredTeamKey.make(teamKey))
    ).pipe(Effect.provide(MachineSecretsRepo.layer))
  const storedNames = Effect.map(
    Effect.flatMap(Fly, (fly) => fly.secrets.list(sessionsApp)),
    (all) => all.map(({ name }) => name)
  )
  yield* map("ENG")
  return { call, headers, local, map, set, given, storedNames }
})

const live = (name: string, test: Effect.Effect<void, unknown, Layer.Success<ReturnType<typeof withFly>>>) =>
  it.live(name, () =>
    Effect.andThen(
      test,
      Effect.map(LocalFly, ({ control }) => assert.deepStrictEqual(control.violations(), []))
    ).pipe(Effect.provide(withFly()))
  )

const said = ({ json, status }: Answer) => [status, (json as { readonly error?: string }).error] as const
const team = "/api/mappings/eng/secrets"
const global = "/api/global-secrets"

describe("a secret of a team", () => {
  live(
    "is stored by Fly under the team's key and shown without it, by its digest and never by its value",
    Effect.gen(function* () {
      const { call, given, storedNames, set } = yield* start
      const answer = yield* set(team, "NPM_TOKEN")
      assert.deepStrictEqual([answer.status, answer.json], [200, { name: "NPM_TOKEN" }])
      assert.deepStrictEqual(yield* storedNames, ["ENG_NPM_TOKEN"])
      const listed = (yield* call("GET", team)).json as ReadonlyArray<Record<string, unknown>>
      assert.hasAllKeys(listed[0], ["name", "digest", "createdAt", "updatedAt", "unmanaged"])
      assert.deepInclude(listed[0], { name: "NPM_TOKEN", unmanaged: false })
      assert.match(String(listed[0]?.["digest"]), /^[0-9a-f]{16}$/)
      assert.deepStrictEqual((yield* call("GET", global)).json, [])
      assert.deepStrictEqual(yield* given("ENG"), {
        secrets: [{ name: "ENG_NPM_TOKEN", variable: "NPM_TOKEN" }],
        version: 1
      })
      assert.deepStrictEqual((yield* call("DELETE", `${team}/NPM_TOKEN`)).json, { deleted: true })
      assert.deepStrictEqual(yield* storedNames, [])
      assert.deepStrictEqual((yield* given("ENG")).secrets, [])
      assert.strictEqual((yield* call("DELETE", `${team}/NPM_TOKEN`)).status, 404)
    })
  )

  live(
    "whose name begins with a digit is stored with a warning",
    Effect.gen(function* () {
      const { storedNames, set } = yield* start
      const { json, status } = yield* set(team, "1PASSWORD")
      assert.strictEqual(status, 200)
      assert.deepInclude(json, { name: "1PASSWORD" })
      assert.include(String((json as { warning: string }).warning), "begins with a digit")
      assert.deepStrictEqual(yield* storedNames, ["ENG_1PASSWORD"])
    })
  )

  live(
    "needs a mapping of the team",
    Effect.gen(function* () {
      const { call, set } = yield* start
      const other = "/api/mappings/OPS/secrets"
      for (const answer of [
        yield* call("GET", other),
        yield* set(other, "A"),
        yield* call("DELETE", `${other}/A`)
      ]) {
        assert.deepStrictEqual(said(answer), [
          404,
          "There is no mapping for the team OPS. Nothing was changed."
        ])
      }
    })
  )
})

describe("a global secret", () => {
  live(
    "is given to every team's machines, unless the team has its own of that name",
    Effect.gen(function* () {
      const { call, given, map, set } = yield* start
      yield* map("OPS")
      assert.deepStrictEqual((yield* set(global, "NPM_TOKEN")).json, { name: "NPM_TOKEN" })
      yield* set(team, "NPM_TOKEN", "another")
      assert.deepStrictEqual((yield* given("OPS")).secrets, [{ name: "NPM_TOKEN", variable: "NPM_TOKEN" }])
      assert.deepStrictEqual((yield* given("ENG")).secrets, [
        { name: "ENG_NPM_TOKEN", variable: "NPM_TOKEN" }
      ])
      assert.deepStrictEqual((yield* call("DELETE", `${global}/NPM_TOKEN`)).json, { deleted: true })
      assert.deepStrictEqual(said(yield* call("DELETE", `${global}/NPM_TOKEN`)), [
        404,
        "There is no global secret NPM_TOKEN. Nothing was changed."
      ])
      assert.strictEqual((yield* call("DELETE", `${global}/ENG_NPM_TOKEN`)).status, 404)
    })
  )

  live(
    "that was set elsewhere is shown as unmanaged, not given to machines, and can be deleted",
    Effect.gen(function* () {
      const { call, given } = yield* start
      const fly = yield* Fly
      yield* fly.secrets.set(sessionsApp, { ELSEWHERE: Redacted.make("x") })
      assert.include((yield* call("GET", global)).body, `"name":"ELSEWHERE"`)
      assert.include((yield* call("GET", global)).body, `"unmanaged":true`)
      assert.deepStrictEqual((yield* given("ENG")).secrets, [])
      assert.strictEqual((yield* call("DELETE", `${global}/ELSEWHERE`)).status, 200)
    })
  )

  live(
    "keeps the case of its name, and so does one of a team",
    Effect.gen(function* () {
      const { call, given, set, storedNames } = yield* start
      assert.deepStrictEqual((yield* set(global, "npm_token")).json, { name: "npm_token" })
      assert.deepStrictEqual((yield* set(team, "Npm_Token")).json, { name: "Npm_Token" })
      assert.sameMembers([...(yield* storedNames)], ["npm_token", "ENG_Npm_Token"])
      assert.deepStrictEqual((yield* given("ENG")).secrets.map(({ variable }) => variable).toSorted(), [
        "Npm_Token",
        "npm_token"
      ])
      assert.strictEqual((yield* call("DELETE", `${global}/NPM_TOKEN`)).status, 404)
      assert.strictEqual((yield* call("DELETE", `${global}/npm_token`)).status, 200)
      assert.strictEqual((yield* call("DELETE", `${team}/Npm_Token`)).status, 200)
      assert.deepStrictEqual(yield* storedNames, [])
    })
  )

  live(
    "that another program set in lower case is shown and can be deleted, of a team too",
    Effect.gen(function* () {
      const { call, storedNames } = yield* start
      const fly = yield* Fly
      const x = Redacted.make("x")
      yield* fly.secrets.set(sessionsApp, { ENG_my_token: x, eng_other: x, npm_token: x })
      const names = (path: string) =>
        Effect.map(call("GET", path), ({ json }) =>
          (json as ReadonlyArray<{ readonly name: string }>).map(({ name }) => name).toSorted()
        )
      assert.deepStrictEqual(yield* names(team), ["my_token", "other"])
      assert.deepStrictEqual(yield* names(global), ["npm_token"])
      assert.strictEqual((yield* call("DELETE", `${global}/eng_other`)).status, 404)
      for (const path of [`${team}/my_token`, `${team}/other`, `${global}/npm_token`]) {
        assert.strictEqual((yield* call("DELETE", path)).status, 200, path)
      }
      assert.deepStrictEqual(yield* storedNames, [])
    })
  )

  live(
    "may not begin with the prefix of a mapped team, and a team may not be mapped over one",
    Effect.gen(function* () {
      const { storedNames, map, set } = yield* start
      const [status, error] = said(yield* set(global, "eng_token"))
      assert.strictEqual(status, 400)
      assert.include(
        error,
        "begins with ENG_, the prefix of the secrets of the mapped team ENG; set it there as token"
      )
      assert.strictEqual((yield* set(global, "ops_token")).status, 200)
      const [refused, why] = said(yield* map("OPS"))
      assert.strictEqual(refused, 409)
      assert.include(why, "The global secret ops_token begins with OPS_")
      assert.strictEqual((yield* map("ENG_A")).status, 409)
      assert.deepStrictEqual(yield* storedNames, ["ops_token"])
    })
  )
})

describe("what is no secret is refused before Fly is asked", () => {
  live(
    "by its name and value",
    Effect.gen(function* () {
      const { call, local, set } = yield* start
      const table: ReadonlyArray<[path: string, name: string, value?: string]> = [
        [team, ""],
        [team, "a-b"],
        [team, "A B"],
        [team, "Ä"],
        [team, "A".repeat(129)],
        [team, "PATH"],
        [team, "ai_implement_token"],
        [global, "PATH"],
        [global, "GITHUB_TOKEN"],
        [global, "AWS_ACCESS_KEY_ID"],
        [global, "FLY_API_TOKEN"],
        [global, "1PASSWORD"],
        [team, "A", ""],
        [team, "A", "a\0b"],
        [team, "A", "\ud800"],
        [team, "A", "x".repeat(65_537)],
        [team, "A", "ä".repeat(32_769)]
      ]
      for (const [path, name, value] of table) {
        const answer = yield* set(path, name, value)
        assert.strictEqual(answer.status, 400, `${path} ${name}`)
        assert.notInclude(answer.body, canary)
      }
      for (const body of [
        { name: "A" },
        { name: "A", value: { canary } },
        { name: "A", value: canary, [canary]: 1 }
      ]) {
        assert.strictEqual((yield* call("POST", team, body)).status, 400)
      }
      assert.strictEqual((yield* call("DELETE", `${team}/a-b`)).status, 400)
      assert.deepStrictEqual(local.control.calls(), [])
      assert.strictEqual((yield* set(team, "A", "x".repeat(65_536))).status, 200)
      assert.strictEqual((yield* set(global, "anthropic_api_key")).status, 200)
    })
  )
})

layer(server())("without Fly", (it) => {
  it.effect("secrets say which settings are missing, and nothing is changed", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      yield* call("POST", "/api/mappings", { teamKey: "ENG", ...repository })
      for (const [method, path, body] of [
        ["GET", global],
        ["POST", global, { name: "A", value: canary }],
        ["DELETE", `${global}/A`],
        ["GET", team],
        ["POST", team, { name: "A", value: canary }],
        ["DELETE", `${team}/A`]
      ] as const) {
        const answer = yield* call(method, path, body)
        assert.deepStrictEqual(said(answer), [
          503,
          "Secrets are stored in the Fly app of the sessions, and FLY_SESSIONS_TOKEN and FLY_SESSIONS_APP are not set. Nothing was changed. Set what is missing and restart."
        ])
      }
      const deleted = yield* call("DELETE", "/api/mappings/ENG?secrets=delete")
      assert.deepStrictEqual(deleted.json, { deleted: true, liveDispatches: 0, secretsLeft: 0 })
    })
  )
})

describe("while Fly fails", () => {
  live(
    "a secret that it refused is not kept, and one whose fate is unknown is not given to machines until it is set again",
    Effect.gen(function* () {
      const { call, given, local, set } = yield* start
      const on = (action: Parameters<typeof local.control.failNext>[0]["action"], times = 1) =>
        local.control.failNext({ match: "POST", action, times })
      yield* Effect.sync(() => on({ _tag: "status", status: 422, body: { error: "no" } }))
      assert.deepStrictEqual(said(yield* set(team, "A")), [
        422,
        "Fly refused to set ENG_A in sessions: it answered 422 with a message that is not shown, as it may repeat a value. Nothing was changed. Check the app and its quota on Fly, and what was sent to it."
      ])
      on({ _tag: "resetAfter" }, 3)
      const [status] = said(yield* set(team, "A"))
      assert.strictEqual(status, 503)
      assert.deepStrictEqual((yield* given("ENG")).secrets, [])
      assert.include((yield* call("GET", team)).body, `"unmanaged":true`)
      assert.strictEqual((yield* set(team, "A")).status, 200)
      assert.deepStrictEqual((yield* given("ENG")).secrets, [{ name: "ENG_A", variable: "A" }])
      const log = (yield* call("GET", "/api/audit?action=secret.set")).body
      assert.include(log, `"after":{"team":"ENG","confirmed":false}`)
    })
  )

  live(
    "a secret that it keeps is given on, and one whose fate is unknown is not",
    Effect.gen(function* () {
      const { call, given, local, set } = yield* start
      yield* set(team, "A")
      const before = yield* given("ENG")
      const remove = call("DELETE", `${team}/A`)
      local.control.failNext({
        match: "DELETE",
        action: { _tag: "status", status: 403, body: { error: "no" } }
      })
      assert.strictEqual((yield* remove).status, 422)
      assert.deepStrictEqual(yield* given("ENG"), before)
      local.control.failNext({ match: "DELETE", action: { _tag: "resetAfter" } })
      assert.strictEqual((yield* remove).status, 200, "the second try finds it gone")
      yield* set(team, "A")
      local.control.failNext({ match: "DELETE", times: 3, action: { _tag: "status", status: 502 } })
      assert.strictEqual((yield* remove).status, 503)
      assert.deepStrictEqual((yield* given("ENG")).secrets, [])
      assert.strictEqual((yield* remove).status, 200)
    })
  )

  live(
    "a mapping is kept when its secrets were to be deleted with it",
    Effect.gen(function* () {
      const { call, storedNames, local, set } = yield* start
      yield* set(team, "A")
      local.control.failNext({ match: "DELETE", times: 3, action: { _tag: "status", status: 502 } })
      assert.strictEqual((yield* call("DELETE", "/api/mappings/ENG?secrets=delete")).status, 503)
      assert.include((yield* call("GET", "/api/mappings")).body, `"teamKey":"ENG"`)
      const deleted = yield* call("DELETE", "/api/mappings/ENG?secrets=delete&ifIdle=true")
      assert.deepStrictEqual(deleted.json, { deleted: true, liveDispatches: 0, secretsLeft: 0 })
      assert.deepStrictEqual(yield* storedNames, [])
    })
  )
})

describe("a mapping that is deleted", () => {
  live(
    "returns how many of its secrets stay, which can be deleted as global ones",
    Effect.gen(function* () {
      const { call, storedNames, set } = yield* start
      yield* set(team, "A")
      yield* set(team, "B")
      const deleted = yield* call("DELETE", "/api/mappings/ENG")
      assert.deepStrictEqual(deleted.json, { deleted: true, liveDispatches: 0, secretsLeft: 2 })
      assert.include((yield* call("GET", global)).body, `"name":"ENG_A"`)
      assert.strictEqual((yield* call("DELETE", `${global}/ENG_A`)).status, 200)
      assert.deepStrictEqual(yield* storedNames, ["ENG_B"])
    })
  )
})

describe("the value of a secret", () => {
  live(
    "appears in no answer, log, audit or row, whatever becomes of it",
    Effect.gen(function* () {
      const { call, local, set } = yield* start
      const answers: Array<Answer> = []
      const keep = (answer: Effect.Effect<Answer>) => Effect.map(answer, (each) => void answers.push(each))
      yield* keep(set(team, "A") as Effect.Effect<Answer>)
      for (const action of [
        { _tag: "status", status: 422, body: { error: `value ${canary} is odd` } },
        { _tag: "status", status: 500, body: { error: canary } },
        { _tag: "malformed" }
      ] as const) {
        local.control.failNext({ match: "POST", times: 3, action })
        yield* keep(set(team, "B") as Effect.Effect<Answer>)
        local.control.clearFaults()
      }
      yield* keep(set(team, "a-b") as Effect.Effect<Answer>)
      for (const path of [
        team,
        global,
        "/api/audit",
        "/api/overview",
        "/api/mappings",
        "/api/openapi.json"
      ]) {
        yield* keep(call("GET", path) as Effect.Effect<Answer>)
      }
      yield* keep(call("DELETE", `${team}/A`) as Effect.Effect<Answer>)
      yield* keep(send("/metrics") as Effect.Effect<Answer>)
      assert.deepStrictEqual(
        answers.filter(({ body, headers }) => `${body}${JSON.stringify(headers)}`.includes(canary)),
        []
      )
      const audit = answers.find(({ body }) => body.includes("secret.set"))
      assert.include(audit?.body, `"subject":"A"`)
      assert.isNotEmpty(yield* Lines)
      assert.notInclude((yield* Lines).join("\n"), canary)
      assert.notInclude(yield* everything, canary)
    })
  )
})
