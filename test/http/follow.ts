import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import { type IncomingMessage, request } from "node:http"
import { eventually } from "../support/eventually.ts"

interface Frame {
  readonly id?: string
  readonly event: string
  readonly data: { readonly [name: string]: unknown }
}

const parse = (text: string): Frame => {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(text)?.[1]
  const id = field("id")
  return {
    ...(id === undefined ? {} : { id }),
    event: field("event") ?? "message",
    data: JSON.parse(field("data") ?? "{}")
  }
}

/** Opens a stream of events; it is closed with the scope. */
export const follow = Effect.fnUntraced(function* (headers: Readonly<Record<string, string>>) {
  const { address } = yield* HttpServer.HttpServer
  const port = "port" in address ? address.port : 0
  const seen = { text: "", ended: false }
  const response = yield* Effect.acquireRelease(
    Effect.callback<IncomingMessage>((resume) => {
      const outgoing = request({ host: "127.0.0.1", port, path: "/api/events", agent: false, headers })
      outgoing.on("response", (incoming) => resume(Effect.succeed(incoming)))
      outgoing.on("error", (error) => resume(Effect.die(error)))
      outgoing.end()
    }),
    (incoming) => Effect.sync(() => incoming.destroy())
  )
  response.on("data", (chunk: Buffer) => (seen.text += chunk.toString("utf8")))
  response.on("end", () => (seen.ended = true))
  response.on("error", () => {})
  const frames = () => seen.text.split("\n\n").slice(0, -1).map(parse)
  const until = (what: string, wanted: (frames: ReadonlyArray<Frame>) => boolean) =>
    eventually(what, Effect.sync(frames), wanted)
  return {
    status: response.statusCode,
    headers: response.headers,
    response,
    text: () => seen.text,
    frames,
    until,
    first: (count: number) => until(`${count} frames`, ({ length }) => length >= count),
    ended: eventually(
      "the stream has ended",
      Effect.sync(() => seen.ended),
      (ended) => ended
    )
  }
})
