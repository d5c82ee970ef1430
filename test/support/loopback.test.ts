import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { connect, createServer } from "node:net"
import { refused } from "./loopbackGuard.ts"

describe("the loopback guard", () => {
  it("refuses and records what is not loopback", async () => {
    assert.throws(() => connect(443, "192.0.2.1"), "may not reach 192.0.2.1")
    assert.throws(() => connect({ host: "example.com", port: 443 }), "may not reach example.com")
    const { fetch } = globalThis
    const failure = await fetch("https://example.org/").catch(String)
    assert.include(failure, "may not reach example.org")
    assert.deepStrictEqual(refused.splice(0), ["192.0.2.1", "example.com", "example.org"])
  })

  it.effect("lets loopback through", () =>
    Effect.gen(function* () {
      const server = yield* Effect.acquireRelease(
        Effect.sync(() => createServer((socket) => socket.end("hello")).listen(0, "127.0.0.1")),
        (server) => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
      )
      const said = yield* Effect.callback<string>((resume) => {
        server.once("listening", () => {
          const address = server.address()
          const port = typeof address === "object" && address !== null ? address.port : 0
          connect(port, "localhost").once("data", (data) => resume(Effect.succeed(String(data))))
        })
      })
      assert.strictEqual(said, "hello")
      assert.deepStrictEqual(refused, [])
    })
  )
})
