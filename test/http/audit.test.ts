import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AuditEntry } from "../../src/domain/Audit.ts"
import { client, server } from "../support/httpServer.ts"

const Entries = Schema.Array(Schema.toCodecJson(AuditEntry))

layer(server())("the audit", (it) => {
  it.effect("lists what operators changed, newest first, page by page, without values", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const list = Effect.fnUntraced(function* (path: string) {
        const answer = yield* call("GET", path)
        assert.strictEqual(answer.status, 200, answer.body)
        return { ...answer, entries: yield* Schema.decodeUnknownEffect(Entries)(answer.json) }
      })
      const mapping = { teamKey: "ENG", owner: "acme", repo: "app" }
      yield* call("POST", "/api/mappings", { ...mapping, extraEnv: { NAME: "canary-value" } })
      yield* call("PATCH", "/api/mappings/ENG", { paused: true })
      yield* call("POST", "/api/pause", { paused: true, reason: "release" })
      const { body, entries } = yield* list("/api/audit")
      assert.notInclude(body, "canary")
      assert.deepStrictEqual(
        entries.map(({ action, subject }) => `${action} ${subject}`),
        ["pause instance", "mapping.update ENG", "mapping.create ENG", "sign_in admin"]
      )
      const [pause, update] = entries
      assert.strictEqual(pause?.actor.name, "Ada")
      assert.strictEqual(pause?.actor.address, "127.0.0.1")
      assert.match(String(pause?.actor.session), /^[0-9a-f-]{36}$/)
      assert.deepStrictEqual([update?.before, update?.after], [{ paused: false }, { paused: true }])

      const page = yield* list("/api/audit?subject=ENG&actor=Ada&limit=1")
      assert.deepStrictEqual(
        page.entries.map(({ action }) => action),
        ["mapping.update"]
      )
      const link = /^<([^>]+)>; rel="next"$/.exec(page.headers["link"] ?? "")?.[1] ?? ""
      const next = yield* list(link)
      assert.deepStrictEqual(
        next.entries.map(({ action }) => action),
        ["mapping.create"]
      )
      assert.notProperty(next.headers, "link")
      assert.isEmpty((yield* list("/api/audit?action=resume")).entries)

      for (const query of ["before=x", "before=-1", "limit=501", "actor=%00", "colour=red"]) {
        assert.strictEqual((yield* call("GET", `/api/audit?${query}`)).status, 400, query)
      }
    })
  )
})
