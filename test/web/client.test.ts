import { assert, describe, it } from "vitest"
import { ApiFailure, makePromiseClient } from "../../src/api/client.ts"

describe("the client for everyone", () => {
  it("asks with the browser's fetch", async () => {
    const client = makePromiseClient({ url: location.origin, token: "token" })
    const failure = await client.mappings.list().catch((error: unknown) => error)
    assert.instanceOf(failure, ApiFailure)
    assert.strictEqual(failure.reason, "Unexpected")
    assert.include(failure.message, "not one of AI-Implement")
  })
})
