import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { question } from "../support/apiSamples.ts"
import { Asked, client, send, server } from "../support/httpServer.ts"

const path = `/api/questions/${question.id}/answer`

layer(server())("the questions of runs", (it) => {
  it.effect("are listed", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const { json, status } = yield* call("GET", "/api/questions")
      assert.strictEqual(status, 200)
      assert.deepStrictEqual(json, [
        { ...question, askedAt: "2026-01-02T03:04:05.000Z", expiresAt: "2026-01-02T03:04:05.000Z" }
      ])
    })
  )

  it.effect("are answered once, under the name of the signed-in operator", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      assert.strictEqual((yield* send(path, { method: "POST" })).status, 401)
      assert.strictEqual((yield* call("POST", path, { text: "" })).status, 400)
      assert.strictEqual((yield* call("POST", path, { text: "The old one" })).status, 200)
      assert.include(yield* Asked, "answer The old one by Ada")
      const second = yield* call("POST", path, { text: "The new one" })
      assert.strictEqual(second.status, 409)
      assert.deepInclude(second.json, { _tag: "Conflict", error: "Ada has answered before." })
      const other = path.replace("aaaa", "bbbb")
      assert.strictEqual((yield* call("POST", other, { text: "x" })).status, 404)
    })
  )
})
