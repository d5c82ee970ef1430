import * as Effect from "effect/Effect"
import dns from "node:dns"

/** Until `found`, the name `localhost` is unknown. */
export const unknownHost = Effect.gen(function* () {
  const { lookup } = dns
  const restore = Effect.sync(() => void (dns.lookup = lookup))
  const answer = (...[hostname, ...args]: Parameters<typeof lookup>): void => {
    if (hostname !== "localhost") return Reflect.apply(lookup, dns, [hostname, ...args])
    const callback = args.at(-1)
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), {
      code: "ENOTFOUND",
      syscall: "getaddrinfo",
      hostname
    })
    if (typeof callback === "function") queueMicrotask(() => Reflect.apply(callback, undefined, [error]))
  }
  yield* Effect.acquireRelease(
    Effect.sync(() => Object.assign(dns, { lookup: answer })),
    () => restore
  )
  return { host: "localhost", found: restore }
})
