import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import SpectralCore from "@stoplight/spectral-core"
import SpectralRulesets from "@stoplight/spectral-rulesets"
import { client, send, server } from "../support/httpServer.ts"

const off = {
  "contact-properties": "off",
  "oas3-parameter-description": "off",
  "openapi-tags-alphabetical": "off"
} as const

const lint = (document: unknown) => {
  const spectral = new SpectralCore.Spectral()
  spectral.setRuleset({ extends: [[{ ...SpectralRulesets.oas, extends: [] }, "all"]], rules: off })
  return Effect.promise(() => spectral.run(JSON.stringify(document)))
}

layer(server())("the OpenAPI document", (it) => {
  it.effect("is 3.1, says what every operation does, and lints clean", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const { json } = yield* call("GET", "/api/openapi.json")
      assert.propertyVal(json, "openapi", "3.1.0")
      const problems = yield* lint(json)
      assert.deepStrictEqual(
        problems.map(({ code, message, path }) => `${code} at ${path.join(".")}: ${message}`),
        []
      )
      const serialized = JSON.stringify(json)
      assert.notMatch(serialized, /Encoded"/)
      assert.match(serialized, /"format":"date-time"/)
      assert.isNotEmpty(yield* lint({ openapi: "3.1.0", info: {}, paths: { "/x": { get: {} } } }))
    })
  )

  it.effect("is for those who are signed in", () =>
    Effect.map(send("/api/openapi.json"), ({ status }) => assert.strictEqual(status, 401))
  )
})
