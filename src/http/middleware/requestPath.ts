/** The path of a request, read once, so that authentication and routing cannot disagree about it. */
export interface RequestPath {
  /** The first part: `api`, `admin`, `health`… */
  readonly area: string
  readonly path: string
  readonly url: string
}

/** Decodes a path and drops empty parts; null when an escape is malformed. */
export const requestPath = (url: string): RequestPath | null => {
  const end = url.search(/[?;#]/)
  const path = end === -1 ? url : url.slice(0, end)
  const query = end === -1 ? "" : `?${url.slice(end + 1)}`
  if (!path.startsWith("/")) return null
  try {
    const parts = path
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent)
    const clean = `/${parts.map(encodeURIComponent).join("/")}`
    return { area: parts[0] ?? "", path: clean, url: clean + query }
  } catch {
    return null
  }
}
