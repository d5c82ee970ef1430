import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import { execFileSync, spawn } from "node:child_process"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"

/** Where git keeps its own programs; null where there is no git that can be served. */
export const gitPrograms = (): string | null => {
  try {
    return execFileSync("git", ["--exec-path"], { encoding: "utf8", stdio: "pipe" }).trim()
  } catch {
    return null
  }
}

export interface Use {
  /** `owner/repo` */
  readonly repository: string
  readonly push: boolean
}

export interface GitOptions {
  /** Holds the bare repositories as `owner/repo.git`. */
  readonly root: string
  readonly mayUse: (password: string, use: Use) => boolean
  /** Runs before a push is answered. */
  readonly pushed?: Effect.Effect<void>
  /** Where a browser finds what is no repository. */
  readonly pages?: string
}

const passwordOf = (request: IncomingMessage) => {
  const [scheme, value = ""] = (request.headers.authorization ?? "").split(" ")
  if (scheme?.toLowerCase() !== "basic") return null
  return Buffer.from(value, "base64").toString("utf8").split(":").slice(1).join(":")
}

// Answers of git's own CGI program: headers, an empty line, the body.
const relay = (response: ServerResponse, chunks: ReadonlyArray<Buffer>) => {
  const all = Buffer.concat(chunks)
  const cut = all.indexOf("\r\n\r\n")
  const headers = all.subarray(0, cut).toString("utf8").split("\r\n")
  let status = 200
  for (const header of headers) {
    const [name = "", value = ""] = header.split(/: (.*)/s)
    if (name.toLowerCase() === "status") status = Number(value.split(" ")[0])
    else response.setHeader(name, value)
  }
  response.writeHead(status)
  response.end(all.subarray(cut + 4))
}

const service = "git-receive-pack"

/** The repositories below `root` over HTTP on loopback, as a code host serves them: never without a password. */
export const serveGit = Effect.fnUntraced(function* ({
  mayUse,
  pages,
  pushed = Effect.void,
  root
}: GitOptions) {
  const programs = gitPrograms()
  const fork = yield* FiberSet.makeRuntime()
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1")
    const [, repository] = /^\/([^/]+\/[^/]+)\.git\//.exec(url.pathname) ?? []
    if (repository === undefined) {
      if (pages === undefined) response.writeHead(404)
      else response.writeHead(302, { location: pages + url.pathname })
      response.end()
      return
    }
    const isPush = request.method === "POST" && url.pathname.endsWith(`/${service}`)
    const push = isPush || url.searchParams.get("service") === service
    const password = passwordOf(request)
    if (password === null || !mayUse(password, { repository, push })) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="git"' })
      response.end()
      return
    }
    const child = spawn(`${programs ?? ""}/git-http-backend`, [], {
      env: {
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: "1",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_CONFIG_COUNT: "2",
        GIT_CONFIG_KEY_0: "safe.directory",
        GIT_CONFIG_VALUE_0: "*",
        GIT_CONFIG_KEY_1: "http.receivepack",
        GIT_CONFIG_VALUE_1: "true",
        REMOTE_USER: "pusher",
        REMOTE_ADDR: "127.0.0.1",
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method ?? "GET",
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        HTTP_CONTENT_ENCODING: String(request.headers["content-encoding"] ?? ""),
        GIT_PROTOCOL: String(request.headers["git-protocol"] ?? "")
      }
    })
    const chunks: Array<Buffer> = []
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.stderr.resume()
    child.on("error", () => response.writeHead(500).end())
    const end = Effect.sync(() => relay(response, chunks))
    child.on("close", () => void fork(isPush ? Effect.andThen(pushed, end) : end))
    child.stdin.on("error", () => {})
    request.pipe(child.stdin)
  })
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.void))
    }),
    () =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  )
  const address = server.address()
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`
})
