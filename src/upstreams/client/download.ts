import ipaddr from "ipaddr.js"
import dns from "node:dns"
import { get as getPlain, type IncomingMessage, type RequestOptions } from "node:http"
import { get as getSecure } from "node:https"
import { isIP, type LookupFunction } from "node:net"
import { Readable } from "node:stream"

const nat64Prefix = 12

/** Whether an IP address is one of the public Internet: not loopback, private, link-local, multicast or reserved. */
export const isPublicIp = (address: string): boolean => {
  const parsed = ipaddr.process(address.replace(/%.*$/, ""))
  return parsed.range() === "rfc6052"
    ? isPublicIp(parsed.toByteArray().slice(nat64Prefix).join("."))
    : parsed.range() === "unicast"
}

const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, "")

const isPrivate = async (url: URL) => {
  const host = hostOf(url)
  if (isIP(host) !== 0) return !isPublicIp(host)
  const found = await dns.promises.lookup(host, { all: true })
  return found.some(({ address }) => !isPublicIp(address))
}

// Checked when the connection is made, so that a name cannot change its address in between.
const publicLookup =
  (refused: Error): LookupFunction =>
  (hostname, options, callback) =>
    dns.lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, "")
      const usable = found.filter(({ address }) => isPublicIp(address))
      const [first] = usable
      if (first === undefined) return callback(refused, "")
      return options.all === true ? callback(null, usable) : callback(null, first.address, first.family)
    })

const responseOf = ({ headers, statusCode = 0 }: IncomingMessage, body: ReadableStream) =>
  new Response(body, {
    status: statusCode,
    headers: Object.entries(headers).flatMap(([name, value]): Array<[string, string]> =>
      typeof value === "string" ? [[name, value]] : []
    )
  })

export interface Download {
  readonly api: URL
  readonly refused: Error
  readonly signal?: AbortSignal | null | undefined
}

/** Reads, without credentials, what `api` leads to: over TLS unless it has none, and at no private address unless it has one. */
export const download = async (target: URL, { api, refused, signal }: Download) => {
  const isPermitted =
    target.protocol === "https:" || (target.protocol === "http:" && api.protocol === "http:")
  if (!isPermitted || target.username !== "" || target.password !== "") throw refused
  const onlyPublic = !(await isPrivate(api))
  const host = hostOf(target)
  if (onlyPublic && isIP(host) !== 0 && !isPublicIp(host)) throw refused
  const options: RequestOptions = {
    headers: { "user-agent": "ai-implement", "accept-encoding": "identity" },
    ...(signal != null && { signal }),
    ...(onlyPublic && { lookup: publicLookup(refused) })
  }
  const get = target.protocol === "https:" ? getSecure : getPlain
  return new Promise<Response>((resolve, reject) => {
    get(target, options, (message) => {
      resolve(responseOf(message, Readable.toWeb(message)))
    }).on("error", reject)
  })
}
