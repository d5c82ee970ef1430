import * as NodeNet from "node:net"
import * as Effect from "effect/Effect"
import ipaddr from "ipaddr.js"

const privateRanges = new Set<string>(["loopback", "private", "linkLocal", "carrierGradeNat", "uniqueLocal"])

/** Whether a literal address lies outside the loopback and private ranges; names other than IPs count as private. */
export const isPublicAddress = (host: string) =>
  NodeNet.isIP(host) !== 0 && !privateRanges.has(ipaddr.process(host.replace(/%.*$/, "")).range())

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
