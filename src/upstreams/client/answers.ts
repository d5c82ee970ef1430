import * as Data from "effect/Data"
import * as Predicate from "effect/Predicate"
import { download } from "./download.ts"

const maxAnswerBytes = 8 * 1024 * 1024

const maxRedirects = 3

export class AnswerTooLarge extends Data.TaggedError("AnswerTooLarge")<{ readonly maxBytes: number }> {}

export class RedirectRefused extends Data.TaggedError("RedirectRefused")<{ readonly status: number }> {}

export const refusedIn = (cause: unknown): AnswerTooLarge | RedirectRefused | undefined => {
  if (cause instanceof AnswerTooLarge || cause instanceof RedirectRefused) return cause
  return Predicate.isObject(cause) && "cause" in cause ? refusedIn(cause["cause"]) : undefined
}

export interface FetchOptions {
  readonly url: string
  readonly maxBytes?: number
  /** `origin`: within the upstream's own; `download`: also once to another, as `download` permits. */
  readonly redirects: "none" | "origin" | "download"
}

const redirects = new Set([301, 302, 303, 307, 308])
const withoutBody = new Set([204, 205, 304])

const targetOf = ({ headers, status }: Response, from: URL) => {
  const location = redirects.has(status) ? headers.get("location") : null
  if (location === null) return null
  const target = URL.parse(location, from.href)
  if (target === null) throw new RedirectRefused({ status })
  return target
}

const bytesOf = async (body: AsyncIterable<Uint8Array<ArrayBuffer>>, maxBytes: number) => {
  const parts: Array<Uint8Array<ArrayBuffer>> = []
  let size = 0
  for await (const part of body) {
    size += part.byteLength
    if (size > maxBytes) throw new AnswerTooLarge({ maxBytes })
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const whole = async ({ body, headers, status, statusText }: Response, maxBytes: number) => {
  const bytes = body === null ? null : await bytesOf(body, maxBytes)
  return new Response(withoutBody.has(status) ? null : bytes, { status, statusText, headers })
}

const mayFollow = (status: number, method = "GET") => method === "GET" || status === 307 || status === 308

/** A `fetch` that reads an answer whole, ends the connection beyond the limit, and follows no redirect but the permitted. */
export const makeFetch =
  (fetch: typeof globalThis.fetch, options: FetchOptions): typeof globalThis.fetch =>
  async (input, init) => {
    const { maxBytes = maxAnswerBytes } = options
    let url = new URL(input instanceof Request ? input.url : input)
    for (let followed = 0; ; followed++) {
      const response = await fetch(url, { ...init, redirect: "manual" })
      const target = targetOf(response, url)
      if (target === null) return whole(response, maxBytes)
      await response.body?.cancel()
      const refused = new RedirectRefused({ status: response.status })
      if (options.redirects === "none") throw refused
      if (target.origin !== url.origin) {
        if (options.redirects === "origin") throw refused
        const downloaded = await download(target, {
          api: new URL(options.url),
          refused,
          signal: init?.signal
        })
        if (targetOf(downloaded, target) !== null) throw refused
        return whole(downloaded, maxBytes)
      }
      if (followed === maxRedirects || !mayFollow(response.status, init?.method)) throw refused
      url = target
    }
  }
