import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as NetAddress from "effect/net/NetAddress"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { compileCache } from "./compileCache.ts"
import { eventually } from "./eventually.ts"

const script = fileURLToPath(new URL("../../src/main.ts", import.meta.url))

/** The service as an operator starts it, with all that it prints; killed with the scope. */
export const running = Effect.fnUntraced(function* (env: Readonly<Record<string, string>>, file = script) {
  let printed = ""
  let ended = false
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [file], {
        env: { ...compileCache, ...env },
        stdio: ["ignore", "pipe", "pipe"]
      })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  for (const output of [child.stdout, child.stderr]) {
    output.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")))
  }
  child.once("close", () => (ended = true))
  const address = () => /Listening on (http:\/\/[^\s"]+)/.exec(printed)?.[1]
  yield* eventually("the service listens", Effect.sync(address), (seen) => seen !== undefined || ended, 20)
  const url = address()
  if (url === undefined) return yield* Effect.die(new Error(`The service did not start: ${printed}`))

  const endBy = (signal: NodeJS.Signals) =>
    Effect.andThen(
      Effect.sync(() => child.kill(signal)),
      eventually(
        "the service has ended",
        Effect.sync(() => ended),
        (seen) => seen,
        20
      )
    )

  const server = HttpServer.make({
    serve: () => Effect.die("Nothing is served here."),
    address: NetAddress.inetAddressFromStringUnsafe(new URL(url).host)
  })

  return {
    url,
    /** For what sends to the server of a test. */
    server,
    output: () => printed,
    stop: endBy("SIGTERM"),
    kill: endBy("SIGKILL")
  }
})
