import * as Predicate from "effect/Predicate"

const neverConnected = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"])

const codeOf = (cause: unknown): string | undefined => {
  if (!Predicate.isObject(cause)) return undefined
  if (typeof cause["code"] === "string") return cause["code"]
  return codeOf(cause["cause"])
}

/** The error code of a request without an answer, and whether the request may have arrived. */
export const networkFault = (cause: unknown) => {
  const code = codeOf(cause)
  const delivery = code !== undefined && neverConnected.has(code) ? "not_sent" : "unknown"
  return { code, delivery } as const
}

export const hostOf = (url: string) => new URL(url).host
