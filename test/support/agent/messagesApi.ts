import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Response, serve } from "../../../src/sandbox/Upstream.ts"

/** What the model does in one turn: says something, or calls a tool. */
export type Turn =
  | { readonly text: string }
  | { readonly tool: string; readonly input: Readonly<Record<string, unknown>> }

const Body = Schema.fromJsonString(
  Schema.Struct({
    model: Schema.String,
    stream: Schema.optional(Schema.Boolean),
    tools: Schema.optional(Schema.Array(Schema.Struct({ name: Schema.String }))),
    messages: Schema.Array(Schema.Struct({ role: Schema.String, content: Schema.Unknown }))
  })
)

/** A request for a message, as the agent sends it. */
export type Sent = typeof Body.Type

const decode = (text: string) => Effect.orDie(Schema.decodeEffect(Body)(text))

const event = (data: Readonly<Record<string, unknown>>) =>
  `event: ${String(data["type"])}\ndata: ${JSON.stringify(data)}\n\n`

const usage = { input_tokens: 1000, output_tokens: 100 }

const blockOf = (turn: Turn, id: string) =>
  "text" in turn
    ? {
        start: { type: "text", text: "" },
        delta: { type: "text_delta", text: turn.text },
        stop: "end_turn"
      }
    : {
        start: { type: "tool_use", id, name: turn.tool, input: {} },
        delta: { type: "input_json_delta", partial_json: JSON.stringify(turn.input) },
        stop: "tool_use"
      }

const streamOf = (turn: Turn, model: string, number: number): Response => {
  const { delta, start, stop } = blockOf(turn, `toolu_${number}`)
  const message = {
    id: `msg_${number}`,
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...usage, output_tokens: 1 }
  }
  return {
    status: 200,
    headers: { "content-type": "text/event-stream" },
    body: [
      event({ type: "message_start", message }),
      event({ type: "content_block_start", index: 0, content_block: start }),
      event({ type: "content_block_delta", index: 0, delta }),
      event({ type: "content_block_stop", index: 0 }),
      event({ type: "message_delta", delta: { stop_reason: stop, stop_sequence: null }, usage }),
      event({ type: "message_stop" })
    ].join("")
  }
}

/** The Messages API on loopback with a scripted model: each request with tools takes the next turn, the last one repeats. */
export const messagesApi = Effect.fnUntraced(function* (turns: ReadonlyArray<Turn>, key: string) {
  const sent: Array<Sent> = []
  const { control, url } = yield* serve({
    name: "Messages API",
    operationOf: ({ method, url: { pathname } }) => `${method} ${pathname}`,
    handler: Effect.fnUntraced(function* ({ body, headers, method, url: { pathname } }) {
      if (method !== "POST" || pathname !== "/v1/messages") return { status: 404, body: { type: "error" } }
      if (headers["x-api-key"] !== key) {
        return {
          status: 401,
          body: { type: "error", error: { type: "authentication_error", message: "no" } }
        }
      }
      const request = yield* decode(body)
      const turn = turns[Math.min(sent.length, turns.length - 1)] ?? { text: "" }
      sent.push(request)
      return streamOf(turn, request.model, sent.length)
    })
  })
  return { url, control, sent }
})
