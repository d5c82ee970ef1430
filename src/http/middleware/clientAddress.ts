import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as NetAddress from "effect/net/NetAddress"
import * as Option from "effect/Option"
import * as Result from "effect/Result"

const parse = (text: string) => {
  const ip = NetAddress.ipFromString(text.replace(/^\[|\]$/g, ""))
  if (Result.isSuccess(ip)) return ip.success
  const withPort = NetAddress.inetAddressFromString(text)
  return Result.isSuccess(withPort) ? withPort.success.address : null
}

/** The client's address: the one that the outermost of `proxies` trusted proxies reports, or the peer if that is unreadable. */
export const clientAddress = (request: HttpServerRequest.HttpServerRequest, proxies: number) => {
  const remote = Option.getOrElse(request.remoteAddress, () => "unknown")
  const hops = request.headers["x-forwarded-for"]?.split(",") ?? []
  const hop = proxies === 0 ? undefined : (hops.at(-proxies) ?? hops[0])
  const address = (hop === undefined ? null : parse(hop.trim())) ?? parse(remote)
  return address === null ? remote : NetAddress.formatIp(NetAddress.toCanonical(address))
}

/** Whether the client uses TLS, according to `PUBLIC_URL` or a trusted proxy. */
export const usesTls = (
  request: HttpServerRequest.HttpServerRequest,
  trust: { readonly publicUrl: string | null; readonly proxies: number }
) =>
  trust.publicUrl?.startsWith("https:") === true ||
  (trust.proxies > 0 && request.headers["x-forwarded-proto"]?.split(",")[0]?.trim().toLowerCase() === "https")
