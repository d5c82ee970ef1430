import * as IpNetwork from "effect/net/IpNetwork"
import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"

export const isLoopback = (client: string) => client === "::/64" || client.startsWith("127.")

/** The address or network that counts as one client: an IPv4 address, or the /64 of an IPv6 address. */
export const clientOf = (address: string) => {
  const parsed = NetAddress.ipFromString(address.replace(/%.*$/, ""))
  if (Result.isFailure(parsed)) return address.slice(0, 64)
  const ip = NetAddress.toCanonical(parsed.success)
  return NetAddress.isIpv4Address(ip)
    ? NetAddress.formatIp(ip)
    : IpNetwork.format(IpNetwork.fromAddressUnsafe(ip, 64))
}
