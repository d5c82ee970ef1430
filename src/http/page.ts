/** Rows of a page when nothing else is asked, and at most. */
export const pageSize = 500

/** The header that leads to the next page. */
export const nextPage = (path: string, query: Readonly<Record<string, string | number | undefined>>) => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value))
  }
  return { link: `<${path}?${search}>; rel="next"` }
}
