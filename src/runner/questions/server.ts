import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberSet from "effect/FiberSet"
import * as Schedule from "effect/Schedule"
import { randomBytes } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { CallFailed } from "../Orchestrator.ts"
import { actionOf, answered, notAsked } from "./mcp.ts"

export type AskPerson = (
  question: string,
  options: ReadonlyArray<string>
) => Effect.Effect<string | null, CallFailed>

const maxBodyBytes = 100_000

const respond = (response: ServerResponse, status: number, body?: object) => {
  response.writeHead(status, { "content-type": "application/json" })
  response.end(body === undefined ? "" : JSON.stringify(body))
}

const bodyOf = (request: IncomingMessage) =>
  Effect.callback<string | null>((resume) => {
    const chunks: Array<Buffer> = []
    let bytes = 0
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= maxBodyBytes) chunks.push(chunk)
    })
    request.on("error", () => resume(Effect.succeed(null)))
    request.on("end", () =>
      resume(Effect.succeed(bytes > maxBodyBytes ? null : Buffer.concat(chunks).toString("utf8")))
    )
  })

/** The tool `ask_human` on a random port and path of loopback; gives its address. It holds the token, the agent does not. */
export const serveQuestions = Effect.fnUntraced(function* (ask: AskPerson) {
  const path = `/${randomBytes(24).toString("base64url")}`
  const fork = yield* FiberSet.makeRuntime()

  const handle = Effect.fnUntraced(function* (request: IncomingMessage, response: ServerResponse) {
    // A web page may reach loopback too, and names itself.
    if (request.url !== path || request.headers.origin !== undefined) return respond(response, 404)
    if (request.method !== "POST") return respond(response, 405)
    const body = yield* bodyOf(request)
    if (body === null) return respond(response, 413)
    const action = actionOf(body)
    switch (action._tag) {
      case "Accepted":
        return respond(response, 202)
      case "Answer":
        return respond(response, 200, action.body)
    }
    const { id, options, question } = action
    // A stream with comments: no client gives up on a connection that speaks.
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" })
    response.write(": waiting\n\n")
    const ticking = Effect.sync(() => response.write(": waiting\n\n")).pipe(
      Effect.repeat(Schedule.spaced("15 seconds")),
      Effect.delay("15 seconds")
    )
    const exit = yield* Effect.exit(
      Effect.raceFirst(ask(question, options), Effect.andThen(ticking, Effect.never))
    )
    const result = Exit.isSuccess(exit)
      ? answered(id, exit.value)
      : notAsked(id, "the service refuses it. Decide yourself.")
    response.end(`event: message\ndata: ${JSON.stringify(result)}\n\n`)
  })

  const server = createServer((request, response) => void fork(handle(request, response)))
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.void))
    }),
    () =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  )
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return `http://127.0.0.1:${port}${path}`
})
