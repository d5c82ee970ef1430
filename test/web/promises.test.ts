import { assert, beforeEach, describe, it } from "vitest"
import { ApiFailure, makePromiseClient } from "../../src/api/client.ts"
import { Service } from "./support/Service.ts"

let service: Service

beforeEach(() => {
  service = new Service()
})

/** The browser's fetch, answered from the samples. */
globalThis.fetch = (input, init) => {
  const { pathname, search } = new URL(input instanceof Request ? input.url : input)
  const { body, status } = service.answer({
    method: init?.method ?? "GET",
    path: pathname,
    query: search,
    body: undefined,
    token: new Headers(init?.headers).get("authorization")?.slice("Bearer ".length)
  })
  return init?.signal?.aborted === true
    ? Promise.reject(init.signal.reason)
    : Promise.resolve(Response.json(body, { status }))
}

const failing = (call: Promise<unknown>) =>
  call.then(
    () => assert.fail("the call succeeded"),
    (error: unknown) => error
  )

describe("the client for everyone, in a browser", () => {
  const url = "https://ai.test"

  it("asks with the token, and gives times as text", async () => {
    const { expiresAt, token } = await makePromiseClient({ url }).auth.signIn({ payload: { code: "code" } })
    assert.isFalse(Number.isNaN(Date.parse(expiresAt)))
    const [first] = await makePromiseClient({ url, token }).dispatches.log({ query: { team: "OPS" } })
    assert.strictEqual(first?.issueIdentifier, "OPS-118")
    assert.isString(first?.reservedAt)
    assert.deepInclude(service.called("GET /api/log")[0], { query: "?team=OPS", token: "token" })
  })

  it("rejects with what the service refused, and what it was given wrongly", async () => {
    const refused = await failing(makePromiseClient({ url }).mappings.list())
    assert.instanceOf(refused, ApiFailure)
    assert.strictEqual(refused.reason, "Unauthorized")
    const id = "not-an-id"
    const wrong = await failing(makePromiseClient({ url, token: "token" }).dispatches.get({ params: { id } }))
    assert.instanceOf(wrong, ApiFailure)
    assert.deepInclude(wrong, {
      reason: "Invalid",
      issues: [{ path: "id", message: "must be a dispatch id (UUID)" }]
    })
  })

  it("can be aborted", async () => {
    const signal = AbortSignal.abort()
    assert.notInstanceOf(
      await failing(makePromiseClient({ url, token: "token" }).mappings.list({}, { signal })),
      ApiFailure
    )
  })
})
