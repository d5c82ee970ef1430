import type { Response } from "../Upstream.ts"

type Node = Readonly<Record<string, unknown>>

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const withGaps = (response: Response, hidden: ReadonlyMap<string, string>): Response => {
  const empty = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(empty)
    if (!isNode(value)) return value
    const field = hidden.get(String(value["id"]))
    const entries = Object.entries(value).map(
      ([name, child]) => [name, name === field ? null : empty(child)] as const
    )
    return Object.fromEntries(entries)
  }
  return hidden.size === 0 || response.status !== 200 ? response : { ...response, body: empty(response.body) }
}
