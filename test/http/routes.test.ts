import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { dispatch, event, issue, readiness, session } from "../support/apiSamples.ts"
import { Asked, client, send, server } from "../support/httpServer.ts"

const mapping = { teamKey: "ENG", owner: "acme", repo: "app" }

layer(server({ GITHUB_APP_ID: "1" }))("the routes of", (it) => {
  it.effect("mappings create with 201, update with 200, list, patch and delete", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const created = yield* call("POST", "/api/mappings", { ...mapping, teamKey: "eng", createdAt: "x" })
      assert.strictEqual(created.status, 201)
      assert.include(created.body, `"workflowFile":"claude-implement.yml"`)
      const updated = yield* call("POST", "/api/mappings", { teamKey: "ENG", deadlineMinutes: 90 })
      assert.strictEqual(updated.status, 200)
      const listed = yield* call("GET", "/api/mappings")
      assert.deepStrictEqual(listed.json, [updated.json])
      const patched = yield* call("PATCH", "/api/mappings/eng", { paused: true })
      assert.include(patched.body, `"paused":true`)
      const deleted = yield* call("DELETE", "/api/mappings/ENG?ifIdle=true")
      assert.deepStrictEqual(deleted.json, { deleted: true, liveDispatches: 0, secretsLeft: 0 })
      for (const [method, body] of [
        ["PATCH", { paused: true }],
        ["DELETE", undefined]
      ] as const) {
        assert.strictEqual((yield* call(method, "/api/mappings/ENG", body)).status, 404)
      }
      const incomplete = yield* call("POST", "/api/mappings", { teamKey: "WEB", provider: "bedrock" })
      assert.strictEqual(incomplete.status, 400)
      for (const path of ["owner", "repo", "awsRegion"]) assert.include(incomplete.body, `"path":"${path}"`)
    })
  )

  it.effect("sessions list machines, and destroying one returns its progress", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const listed = yield* call("GET", "/api/sessions")
      assert.strictEqual(listed.status, 200)
      assert.include(listed.body, `[{"machineId":"${session.machineId}","name":"${session.name}"`)
      assert.include(listed.body, `"issueIdentifier":"ENG-1"`)
      const destroyed = yield* call("DELETE", `/api/sessions/${session.machineId}`)
      assert.deepStrictEqual(destroyed.json, {
        destroyed: false,
        effects: [
          { effect: "machine", done: false, nextTry: "2026-01-02T03:04:05.000Z" },
          { effect: "label", done: true },
          { effect: "dedup", done: true }
        ]
      })
      assert.include(yield* Asked, `destroy ${session.machineId} by Ada`)
      const busy = yield* call("DELETE", "/api/sessions/503")
      assert.deepStrictEqual([busy.status, busy.headers["retry-after"]], [503, "7"])
      assert.deepInclude(busy.json, { _tag: "UpstreamUnavailable", retryAfter: 7 })
      assert.strictEqual((yield* call("DELETE", "/api/sessions/148e00000000")).status, 404)
      assert.strictEqual((yield* call("DELETE", "/api/sessions/a%20b")).status, 400)
    })
  )

  it.effect("mappings list what their repository lacks", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const readinessAnswer = yield* call("GET", "/api/mappings/eng/readiness")
      assert.deepStrictEqual(readinessAnswer.json, { ...readiness, checkedAt: "2026-01-02T03:04:05.000Z" })
      assert.strictEqual((yield* call("GET", "/api/mappings/OPS/readiness")).status, 404)
      const down = yield* call("GET", "/api/mappings/WEB/readiness")
      assert.deepStrictEqual(
        [down.status, down.json],
        [503, { _tag: "UpstreamUnavailable", error: "GitHub does not answer." }]
      )
    })
  )

  it.effect("the log page with a link to the next page while there is one", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const first = yield* call("GET", "/api/log?team=eng&limit=2")
      assert.deepStrictEqual(idsOf(first.json), [dispatch(600).id, dispatch(599).id])
      assert.strictEqual(
        first.headers["link"],
        `</api/log?team=ENG&limit=2&before=${dispatch(599).id}>; rel="next"`
      )
      const whole = yield* call("GET", "/api/log")
      assert.strictEqual(idsOf(whole.json).length, 500)
      assert.include(whole.headers["link"], `before=${dispatch(101).id}`)
      const rest = yield* call("GET", `/api/log?before=${dispatch(101).id}`)
      assert.strictEqual(idsOf(rest.json).length, 100)
      assert.notProperty(rest.headers, "link")
      const exact = yield* call("GET", `/api/log?before=${dispatch(4).id}&limit=3`)
      assert.strictEqual(idsOf(exact.json).length, 3)
      assert.notProperty(exact.headers, "link")
      for (const query of [
        "limit=0",
        "limit=501",
        "limit=x",
        "before=1",
        "status=odd",
        "team=%00",
        "colour=red"
      ]) {
        assert.strictEqual((yield* call("GET", `/api/log?${query}`)).status, 400, query)
      }
    })
  )

  it.effect("connection tests report the result of each check", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      for (const what of ["notification", "linear", "github", "fly"]) {
        const answer = yield* call("POST", `/api/test/${what}`)
        assert.strictEqual(answer.status, 200)
        assert.deepStrictEqual(answer.json, { what, ok: what !== "fly", message: `Tried ${what}.` })
      }
      assert.strictEqual((yield* call("POST", "/api/test/moon")).status, 400)
      assert.strictEqual((yield* call("GET", "/api/test/linear")).status, 405)
    })
  )

  it.effect("dispatches show, cancel and retry one, in the operator's name", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const asked = yield* Asked
      const [one, other] = [`/api/dispatches/${dispatch(1).id}`, `/api/dispatches/${dispatch(9).id}`]
      assert.deepStrictEqual(idsOf([(yield* call("GET", one)).json]), [dispatch(1).id])
      assert.strictEqual((yield* call("GET", other)).status, 404)
      assert.include((yield* call("GET", `${one}/events`)).body, event.message)
      assert.deepStrictEqual((yield* call("GET", `${one}/logs`)).json, {
        source: "runner",
        lines: [{ at: "2026-01-02T03:04:05.000Z", text: "npm test" }],
        url: "https://github.test/run"
      })
      assert.strictEqual((yield* call("POST", `${one}/cancel`)).status, 202)
      assert.strictEqual((yield* call("POST", `${other}/cancel`)).status, 409)
      assert.strictEqual((yield* call("POST", `${one}/retry`)).status, 202)
      const down = yield* call("POST", `${other}/retry`)
      assert.deepStrictEqual(
        [down.status, down.json],
        [503, { _tag: "UpstreamUnavailable", error: "Linear does not answer." }]
      )
      assert.includeMembers(asked, ["cancel by Ada", "retry by Ada"])
      assert.strictEqual((yield* call("GET", "/api/dispatches/not-an-id")).status, 400)
    })
  )

  it.effect("issues list with their reasons, un-park, reset and dispatch now", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const asked = yield* Asked
      const listed = yield* call("GET", "/api/issues?team=eng&reason=dedup&issue=ENG-1")
      assert.include(listed.body, `"reason":{"_tag":"dedup","until":"2026-01-02T03:04:05.000Z"}`)
      assert.include(asked, `list {"team":"ENG","reason":"dedup","issue":"ENG-1"}`)
      const unparked = yield* call("POST", `/api/issues/${issue.identifier}/unpark`)
      assert.include(unparked.body, `"cleared":["parked"]`)
      assert.strictEqual((yield* call("POST", "/api/issues/ENG-2/unpark")).status, 409)
      assert.strictEqual((yield* call("POST", "/api/issues/ENG-1/reset")).status, 200)
      assert.strictEqual((yield* call("POST", "/api/issues/ENG-2/reset")).status, 503)
      const dispatched = yield* call("POST", "/api/issues/ENG-1/dispatch", { phase: "implementation" })
      assert.strictEqual(dispatched.status, 202)
      assert.include(asked, "dispatch implementation by Ada")
      assert.strictEqual((yield* call("POST", "/api/issues/ENG-1/dispatch")).status, 202)
      const refused = yield* call("POST", "/api/issues/ENG-2/dispatch", {})
      assert.deepStrictEqual(
        [refused.status, refused.json],
        [
          409,
          {
            _tag: "NotAdmitted",
            error:
              "Nothing was dispatched, because its team uses 3 of 3 slots; wait, or raise the cap of its mapping. Cleared: dedup.",
            reason: { _tag: "team_at_capacity", used: 3, cap: 3 },
            cleared: ["dedup"]
          }
        ]
      )
      assert.strictEqual((yield* call("GET", "/api/issues?reason=mood")).status, 400)
    })
  )

  it.effect("issues approve and reject a plan, in the operator's name and with the reason", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const asked = yield* Asked
      const approved = yield* call("POST", "/api/issues/ENG-1/approve")
      assert.strictEqual(approved.status, 200)
      assert.include(approved.body, `"identifier":"ENG-1"`)
      const none = yield* call("POST", "/api/issues/ENG-2/approve")
      assert.deepStrictEqual([none.status, none.json], [409, { _tag: "Conflict", error: "It has no plan." }])
      const rejected = yield* call("POST", "/api/issues/ENG-1/reject", { reason: "Too large." })
      assert.strictEqual(rejected.status, 200)
      assert.include(rejected.body, `"cleared":["Plan-Complete"]`)
      assert.strictEqual((yield* call("POST", "/api/issues/ENG-2/reject", { reason: "x" })).status, 404)
      for (const reason of ["", "   ", "\n\t", "x".repeat(4001), 1, undefined]) {
        const body = { reason }
        assert.strictEqual((yield* call("POST", "/api/issues/ENG-1/reject", body)).status, 400)
      }
      assert.includeMembers(asked, ["approve by Ada at 127.0.0.1", "reject by Ada: Too large."])
    })
  )

  it.effect("dedup list and clear", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      assert.deepStrictEqual((yield* call("GET", "/api/dedup")).json, [])
      const cleared = yield* call("DELETE", "/api/dedup/ENG-1")
      assert.deepStrictEqual(cleared.json, { deleted: true, cleared: ["dedup"] })
      assert.strictEqual((yield* call("DELETE", "/api/dedup/ENG-2")).status, 404)
    })
  )

  it.effect("operations ask for a pass, pause, and set the runner mode and the Fly app", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const poll = yield* call("POST", "/api/poll")
      assert.deepStrictEqual(
        [poll.status, poll.json],
        [202, { passId: "01890000-0000-7000-8000-000000000001" }]
      )
      const paused = yield* call("POST", "/api/pause", { paused: true, reason: "release" })
      assert.include(paused.body, `"reason":"release","by":"Ada"`)
      assert.deepStrictEqual((yield* call("POST", "/api/pause", { paused: false })).json, { paused: null })
      const mode = yield* call("POST", "/api/runner-mode", { mode: "gha" })
      assert.deepStrictEqual(mode.json, {
        mode: "gha",
        source: "db",
        storedMode: "gha",
        overriddenByEnv: false
      })
      assert.deepStrictEqual((yield* call("GET", "/api/runner-mode")).json, mode.json)
      const saved = yield* call("POST", "/api/settings", {
        flySessionsApp: "sessions",
        flySessionsRegion: null
      })
      assert.include(saved.body, `"storedValue":"sessions"`)
      assert.deepStrictEqual((yield* call("GET", "/api/settings")).json, saved.json)
      for (const body of [{ mode: "x" }, { mode: "gha", more: 1 }, [], null, 5, "", "{"]) {
        assert.strictEqual((yield* call("POST", "/api/runner-mode", body)).status, 400, String(body))
      }
    })
  )

  it.effect("the overview lists teams, what waits and what is missing", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      yield* call("POST", "/api/mappings", mapping)
      const answer = yield* call("GET", "/api/overview")
      assert.strictEqual(answer.status, 200)
      assert.include(answer.body, `"teams":[{"teamKey":"ENG","used":0,"cap":3,"waiting":0,"paused":false}]`)
      assert.include(answer.body, `"setting":"GITHUB_APP_PRIVATE_KEY"`)
      assert.notInclude(answer.body, `"setting":"LINEAR_API_KEY"`)
      assert.include(answer.body, `{"name":"LINEAR_API_KEY","value":"(set)","source":"env"}`)
      assert.notInclude(answer.body, "a-code-of-the-tests-only")
    })
  )

  it.effect("health answer anyone", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* send("/health/live")).json, { status: "ok" })
      for (const path of ["/health", "/health/ready", "/health/ready/"]) {
        const answer = yield* send(path)
        assert.deepStrictEqual(
          [answer.status, answer.json],
          [
            200,
            {
              status: "ok",
              database: "ok",
              poller: { state: "idle", failing: false, lastGoodAt: null },
              upstreams: []
            }
          ]
        )
      }
      assert.strictEqual((yield* send("/health", { method: "POST" })).headers["allow"], "GET, HEAD")
    })
  )
})

const idsOf = (rows: unknown) =>
  Array.isArray(rows) ? rows.map((row: { readonly id: string }) => row.id) : []
