import * as NodeNet from "node:net"
import * as Effect from "effect/Effect"

const privateRanges = new NodeNet.BlockList()
privateRanges.addSubnet("127.0.0.0", 8, "ipv4")
privateRanges.addSubnet("10.0.0.0", 8, "ipv4")
privateRanges.addSubnet("172.16.0.0", 12, "ipv4")
privateRanges.addSubnet("192.168.0.0", 16, "ipv4")
privateRanges.addSubnet("169.254.0.0", 16, "ipv4")
privateRanges.addSubnet("100.64.0.0", 10, "ipv4")
privateRanges.addAddress("::1", "ipv6")
privateRanges.addSubnet("fc00::", 7, "ipv6")
privateRanges.addSubnet("fe80::", 10, "ipv6")

/** Whether a literal address lies outside the loopback and private ranges; names other than IPs count as private. */
export const isPublicAddress = (host: string) => {
  const version = NodeNet.isIP(host)
  if (version === 0) return false
  return !privateRanges.check(host, version === 4 ? "ipv4" : "ipv6")
}

const isFree = (host: string, port: number) =>
  Effect.callback<boolean>((resume) => {
    const server = NodeNet.createServer()
    server.once("error", () => resume(Effect.succeed(false)))
    server.listen(port, host, () => server.close(() => resume(Effect.succeed(true))))
  })

export const firstFreePort = Effect.fnUntraced(function* (host: string, from: number) {
  for (let port = from; port < 65_536; port++) {
    if (yield* isFree(host, port)) return port
  }
  return yield* Effect.die("every port is taken")
})
