import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Headers from "effect/http/Headers"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Path from "effect/Path"
import Negotiator from "negotiator"

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8"
}

const encodings = [
  { name: "br", extension: ".br" },
  { name: "gzip", extension: ".gz" }
] as const

// The encodings that a client takes, the smallest result first; `*` takes each that it does not refuse by name.
const accepted = (request: HttpServerRequest.HttpServerRequest) => {
  const taken = new Negotiator(request).encodings(encodings.map(({ name }) => name))
  return encodings.filter(({ name }) => taken.includes(name))
}

/** Serves the compressed variant of a file to clients that accept it, else as `serve` does. */
export const precompressed = <E, R>(
  root: string,
  serve: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R | HttpServerRequest.HttpServerRequest>
) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const request = yield* HttpServerRequest.HttpServerRequest
    const [file = ""] = request.url.split("?")
    const type = types[path.extname(file)]
    if (type === undefined || !/^\/assets\/[\w.-]+$/.test(file)) return yield* serve
    for (const { extension, name } of accepted(request)) {
      const there = yield* Effect.orElseSucceed(fs.exists(path.join(root, file + extension)), () => false)
      if (!there) continue
      const compressed = request.modify({
        url: file + extension,
        headers: Headers.removeMany(request.headers, ["range", "if-range"])
      })
      const response = yield* Effect.provideService(serve, HttpServerRequest.HttpServerRequest, compressed)
      return HttpServerResponse.setHeaders(response, {
        ...(response.status === 200 ? { "content-type": type, "content-encoding": name } : {}),
        vary: "accept-encoding"
      })
    }
    return HttpServerResponse.setHeader(yield* serve, "vary", "accept-encoding")
  })
