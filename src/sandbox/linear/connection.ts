import { invalid, Unmodelled } from "./errors.ts"
import { matches } from "./filter.ts"

const defaultSize = 50
const maxSize = 250

export interface Connection {
  readonly nodes: ReadonlyArray<unknown>
  readonly edges: ReadonlyArray<{ readonly cursor: string; readonly node: unknown }>
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

type Arguments = Readonly<Record<string, unknown>>

const handled = new Set(["after", "before", "filter", "first", "includeArchived", "last", "orderBy", "url"])

const size = (value: unknown, name: string): number | undefined => {
  if (typeof value !== "number") return undefined
  if (value < 1) throw invalid(`${name} must not be less than 1.`)
  if (value > maxSize) throw invalid(`${name} must not be greater than ${maxSize}.`)
  return value
}

const text = (node: object, key: string): string => String(Reflect.get(node, key))

const position = (node: object, by: string): string => `${text(node, by)} ${text(node, "id")}`

const encode = (value: string): string => Buffer.from(value).toString("base64url")

const decode = (cursor: unknown): string | undefined => {
  if (typeof cursor !== "string") return undefined
  const value = Buffer.from(cursor, "base64url").toString()
  if (!/^\d{4}-\S+ \S+$/.test(value)) throw invalid(`The cursor ${JSON.stringify(cursor)} is not valid.`)
  return value
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

export const connect = (values: ReadonlyArray<unknown>, args: Arguments, now: number): Connection => {
  for (const [name, value] of Object.entries(args)) {
    if (value != null && !handled.has(name)) throw new Unmodelled(`the argument "${name}" of a list`)
  }
  const first = size(args["first"], "first")
  const last = size(args["last"], "last")
  if (first !== undefined && last !== undefined) throw invalid("first and last cannot be used together.")
  const by = args["orderBy"] === "updatedAt" ? "updatedAt" : "createdAt"
  const after = decode(args["after"])
  const before = decode(args["before"])

  const all = values
    .filter(isObject)
    .filter((node) => args["includeArchived"] === true || Reflect.get(node, "archivedAt") === null)
    .filter((node) => matches(node, args["filter"], now))
    .map((node) => ({ node, at: position(node, by) }))
    .toSorted((a, b) => (a.at < b.at ? 1 : -1))
  const start = after === undefined ? 0 : all.filter(({ at }) => at >= after).length
  const end = before === undefined ? all.length : all.length - all.filter(({ at }) => at <= before).length
  const from = last === undefined ? start : Math.max(start, end - last)
  const to = last === undefined ? Math.min(end, start + (first ?? defaultSize)) : end
  const page = all.slice(from, to).map(({ node, at }) => ({ cursor: encode(at), node }))
  return {
    nodes: page.map(({ node }) => node),
    edges: page,
    pageInfo: {
      hasNextPage: to < all.length,
      hasPreviousPage: from > 0,
      startCursor: page[0]?.cursor ?? null,
      endCursor: page.at(-1)?.cursor ?? null
    }
  }
}
