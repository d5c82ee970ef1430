import { assert, describe, it } from "@effect/vitest"
import { LinearDocument } from "@linear/sdk"
import * as Effect from "effect/Effect"
import { parse, validate, validateSchema } from "graphql"
import { readFileSync } from "node:fs"
import { linearSchema as regenerated } from "../../scripts/linear-schema.ts"
import { linearSchema } from "../../src/sandbox/linear/schema.ts"

describe("the schema of the local Linear", () => {
  it("is what the script makes of the installed @linear/sdk", () => {
    const committed = readFileSync(
      new URL("../../src/sandbox/linear/generated/schema.graphql", import.meta.url),
      "utf8"
    )
    assert.isTrue(committed === regenerated(), "run scripts/linear-schema.ts")
  })

  it("is valid GraphQL", () => {
    assert.deepStrictEqual(validateSchema(linearSchema()), [])
  })

  it.effect("accepts every document that the SDK can send", () =>
    Effect.sync(() => {
      const documents = Object.entries(LinearDocument).filter(([name]) => name.endsWith("Document"))
      const refused = documents.filter(
        ([, document]) => validate(linearSchema(), parse(String(document))).length > 0
      )
      assert.strictEqual(documents.length, 674)
      assert.deepStrictEqual(
        refused.map(([name]) => name),
        []
      )
    })
  )
})
