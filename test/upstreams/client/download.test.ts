import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { download, isPublicIp } from "../../../src/upstreams/client/download.ts"
import { unknownHost } from "../../support/resolver.ts"
import { elsewhere } from "../../support/elsewhere.ts"

const addresses: ReadonlyArray<readonly [address: string, isPublic: boolean]> = [
  ["93.184.215.14", true],
  ["2606:4700::6810:84e5", true],
  ["::ffff:93.184.215.14", true],
  ["64:ff9b::5db8:d70e", true],
  ["127.0.0.1", false],
  ["10.1.2.3", false],
  ["172.16.0.1", false],
  ["192.168.1.1", false],
  ["169.254.169.254", false],
  ["100.64.0.1", false],
  ["0.0.0.0", false],
  ["224.0.0.1", false],
  ["::1", false],
  ["::", false],
  ["fe80::1", false],
  ["fe80::1%eth0", false],
  ["fdaa:0:1::3", false],
  ["::ffff:127.0.0.1", false],
  ["64:ff9b::7f00:1", false]
]

for (const [address, isPublic] of addresses) {
  it(`${address} is ${isPublic ? "public" : "not public"}`, () => {
    assert.strictEqual(isPublicIp(address), isPublic)
  })
}

const refused = new Error("refused")

const endOf = (target: string, api: string) =>
  Effect.promise(() =>
    download(new URL(target), { api: new URL(api), refused }).then(
      ({ status }) => status,
      (cause: unknown) => (cause === refused ? "refused" : "not reached")
    )
  )

const publicApi = "https://93.184.215.14"

const refusals: ReadonlyArray<readonly [what: string, target: string, api: string]> = [
  ["a loopback address for a public API", "https://127.0.0.1:1/x", publicApi],
  ["the metadata service for a public API", "https://169.254.169.254/latest", publicApi],
  ["an IPv6 address of the machine for a public API", "https://[::1]:1/x", publicApi],
  ["a name of the machine for a public API", "https://localhost:1/x", publicApi],
  ["an address without TLS for an API with it", "http://93.184.215.14/x", "https://127.0.0.1"],
  ["another scheme", "file:///etc/passwd", "http://127.0.0.1"],
  ["an address with a password", "http://user:secret@127.0.0.1:1/x", "http://127.0.0.1"]
]

for (const [what, target, api] of refusals) {
  it.live(`${what} is refused`, () =>
    Effect.map(endOf(target, api), (end) => assert.strictEqual(end, "refused"))
  )
}

it.live("a private API may lead to a private address", () =>
  Effect.gen(function* () {
    const { calls, url } = yield* elsewhere
    assert.strictEqual(yield* endOf(`${url}/x`, "http://127.0.0.1:1"), 200)
    assert.strictEqual(yield* endOf(`${url}/y`, "http://localhost:1"), 200)
    assert.deepStrictEqual(calls(), ["GET /x", "GET /y"])
  })
)

it.live("a name without an address is not reached", () =>
  Effect.gen(function* () {
    const { host } = yield* unknownHost
    assert.strictEqual(yield* endOf(`https://${host}:1/x`, publicApi), "not reached")
  })
)
