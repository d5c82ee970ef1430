import { Socket } from "node:net"

const loopback = /^(?:localhost|127(?:\.\d+){3}|::1|::ffff:127(?:\.\d+){3})$/

/** What was refused since the last look. */
export const refused: Array<string> = []

const refuse = (host: string): never => {
  refused.push(host)
  throw new Error(`A test may not reach ${host}: only loopback.`)
}

const hostOf = (target: unknown, host: unknown): string | undefined => {
  const first = Array.isArray(target) ? target[0] : target
  if (typeof first === "object" && first !== null) {
    if ("path" in first && first.path != null) return undefined
    return "host" in first && typeof first.host === "string" ? first.host : "localhost"
  }
  if (typeof first === "string" && Number.isNaN(Number(first))) return undefined
  return typeof host === "string" ? host : "localhost"
}

const check = (host: string | undefined) => {
  if (host !== undefined && !loopback.test(host.replace(/^\[|\]$/g, "").toLowerCase())) refuse(host)
}

const connect = Socket.prototype.connect
Socket.prototype.connect = function (this: Socket, ...args: Array<unknown>) {
  check(hostOf(args[0], args[1]))
  return Reflect.apply(connect, this, args)
}

const { fetch } = globalThis
Object.assign(globalThis, {
  fetch: async (...args: Parameters<typeof fetch>) => {
    const [input] = args
    check(new URL(input instanceof Request ? input.url : input).hostname)
    return fetch(...args)
  }
})
