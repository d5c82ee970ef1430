import * as Effect from "effect/Effect"

const maxPageSize = 500

interface PageOf<Id> {
  readonly limit?: number | undefined
  readonly before?: Id | undefined
}

const linkTo = (path: string, query: object): Readonly<Record<string, string>> => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value))
  }
  return { link: `<${path}?${search}>; rel="next"` }
}

/** One page of a list that is newest first, 500 rows unless `limit` is lower; a link leads to the next page. */
export const pageOf = Effect.fnUntraced(function* <
  Id extends string | number,
  Query extends PageOf<Id>,
  Row extends { readonly id: Id }
>(
  path: string,
  query: Query,
  rowsOf: (query: Query & { readonly limit: number }) => Effect.Effect<ReadonlyArray<Row>>
) {
  const size = query.limit ?? maxPageSize
  const rows = yield* rowsOf({ ...query, limit: size + 1 })
  const page = rows.slice(0, size)
  return {
    value: page,
    headers: rows.length > size ? linkTo(path, { ...query, before: page.at(-1)?.id }) : {}
  }
})
