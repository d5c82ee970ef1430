import * as FindMyWay from "effect/http/FindMyWay"
import { Api } from "../../api/Api.ts"
import { RunnerApi } from "../../api/RunnerApi.ts"

export const openapiPath = "/api/openapi.json"

/** Paths outside `/api`; all of them are only read. */
export const readOnly = [
  "/",
  "/admin",
  "/admin/*",
  "/health",
  "/health/live",
  "/health/ready",
  "/metrics",
  openapiPath
] as const

/** Paths outside `/api` that are only written to. */
export const writeOnly = ["/webhooks/linear", "/webhooks/github"] as const

/** A request's path as the guard and the router both see it, so that neither can be told something else. */
export interface Route {
  /** The first part: `api`, `admin`, `health`… */
  readonly area: string
  readonly path: string
  readonly url: string
}

/** The path decoded, without doubled slashes and the slash at its end; null when an escape is malformed. */
export const routeOf = (url: string): Route | null => {
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

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

const table = FindMyWay.make<true>({ caseSensitive: true, maxParamLength: 100 })
for (const group of [...Object.values(Api.groups), ...Object.values(RunnerApi.groups)]) {
  for (const { method, path } of Object.values(group.endpoints)) table.on(method, path, true)
}
for (const path of readOnly) table.on("GET", path, true)
for (const path of writeOnly) table.on("POST", path, true)

/** The methods that a path has; none when there is no such path. */
export const methodsOf = (path: string) => {
  const found = methods.filter((method) => table.find(method, path) !== undefined)
  return found.includes("GET") ? ["GET", "HEAD", ...found.slice(1)] : found
}
