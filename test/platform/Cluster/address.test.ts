import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as NodeNet from "node:net"
import { firstFreePort, isPublicAddress } from "../../../src/platform/Cluster/address.ts"

describe("an address", () => {
  for (const host of [
    "8.8.8.8",
    "0.0.0.0",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "::",
    "::2",
    "2001:db8::1",
    "fbff::1",
    "fec0::1",
    "::ffff:8.8.8.8",
    "::ffff:0808:0808",
    "64:ff9b::8.8.8.8"
  ]) {
    it(`${host} is open to the world`, () => assert.isTrue(isPublicAddress(host)))
  }
  for (const host of [
    "127.0.0.1",
    "127.255.255.255",
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "169.254.0.1",
    "172.16.0.0",
    "172.31.255.255",
    "192.168.0.0",
    "192.168.255.255",
    "::1",
    "0:0:0:0:0:0:0:1",
    "fc00::",
    "fdaa:0:1:a7b:1::3",
    "fe80::1",
    "fe80::1%eth0",
    "febf::1%eth0.1",
    "fd00::1%en-0",
    "::ffff:10.0.0.1"
  ]) {
    it(`${host} is private`, () => assert.isFalse(isPublicAddress(host)))
  }
  for (const host of ["localhost", "app.internal", "1.2.3", "8.8.8.8:80"]) {
    it(`${host} is a name, not an address`, () => assert.isFalse(isPublicAddress(host)))
  }
})

const host = "127.0.0.1"

/** Listens until the test ends; port 0 takes any. */
const listen = (port: number) =>
  Effect.acquireRelease(
    Effect.callback<NodeNet.Server>((resume) => {
      const server = NodeNet.createServer()
      server.once("error", () => resume(Effect.succeed(server)))
      server.listen(port, host, () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
  )

describe("the first free port", () => {
  it.effect("is not one that is in use", () =>
    Effect.gen(function* () {
      const address = (yield* listen(0)).address()
      const taken = typeof address === "object" && address !== null ? address.port : 0
      assert.isAbove(taken, 0)
      assert.isAbove(yield* firstFreePort(host, taken), taken)
    })
  )

  it.effect("can be listened on", () =>
    Effect.gen(function* () {
      const port = yield* firstFreePort(host, 20_000)
      assert.isTrue((yield* listen(port)).listening)
    })
  )

  it.effect("does not exist when the last one is taken", () =>
    Effect.gen(function* () {
      yield* listen(65_535)
      const exit = yield* Effect.exit(firstFreePort(host, 65_535))
      assert.strictEqual(exit._tag, "Failure")
    })
  )
})
