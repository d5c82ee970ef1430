import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { QuestionOptions, QuestionText } from "../../domain/Question.ts"

const Message = Schema.Struct({
  jsonrpc: Schema.Literal("2.0"),
  id: Schema.optional(Schema.Union([Schema.String, Schema.Finite])),
  method: Schema.String,
  params: Schema.optional(Schema.Unknown)
})

const Initialize = Schema.Struct({ protocolVersion: Schema.String })
const Call = Schema.Struct({
  name: Schema.Literal("ask_human"),
  arguments: Schema.Struct({
    question: QuestionText,
    options: Schema.optional(Schema.NullOr(QuestionOptions))
  })
})

const versions = ["2025-11-25", "2025-06-18", "2025-03-26"] as const

const tool = {
  name: "ask_human",
  description:
    "Asks a person of the team and waits for the answer, which may take long. Ask one clear question that can be answered without reading the code. At most five questions in a run.",
  inputSchema: {
    type: "object",
    properties: {
      question: { type: "string", description: "The question, with what the person needs to know." },
      options: {
        type: "array",
        items: { type: "string" },
        maxItems: 10,
        description: "Answers to choose from; the person may write another one."
      }
    },
    required: ["question"],
    additionalProperties: false
  }
}

/** What a request of the agent leads to. */
export type Action =
  | { readonly _tag: "Answer"; readonly body: object }
  | { readonly _tag: "Accepted" }
  | {
      readonly _tag: "Ask"
      readonly id: string | number
      readonly question: string
      readonly options: ReadonlyArray<string>
    }

const decodeMessage = Schema.decodeUnknownOption(Schema.fromJsonString(Message))
const decodeInitialize = Schema.decodeUnknownOption(Initialize)
const decodeCall = Schema.decodeUnknownOption(Call)

const success = (id: string | number, result: object): Action => ({
  _tag: "Answer",
  body: { jsonrpc: "2.0", id, result }
})
const failure = (id: string | number | null, code: number, message: string): Action => ({
  _tag: "Answer",
  body: { jsonrpc: "2.0", id, error: { code, message } }
})

/** Reads one JSON-RPC message of the Model Context Protocol (Streamable HTTP, without sessions). */
export const actionOf = (text: string): Action => {
  const message = Option.getOrNull(decodeMessage(text))
  if (message === null) return failure(null, -32_700, "The message is no JSON-RPC request.")
  const { id, method, params } = message
  if (id === undefined) return { _tag: "Accepted" }
  switch (method) {
    case "initialize": {
      const asked = Option.getOrNull(decodeInitialize(params))?.protocolVersion
      return success(id, {
        protocolVersion: versions.find((version) => version === asked) ?? versions[0],
        capabilities: { tools: {} },
        serverInfo: { name: "ai-implement", version: "1" }
      })
    }
    case "ping":
      return success(id, {})
    case "tools/list":
      return success(id, { tools: [tool] })
    case "tools/call": {
      const call = Option.getOrNull(decodeCall(params))
      return call === null
        ? failure(id, -32_602, "Only ask_human {question, options?} can be called.")
        : { _tag: "Ask", id, question: call.arguments.question, options: call.arguments.options ?? [] }
    }
  }
  return failure(id, -32_601, `There is no method ${method.slice(0, 100)}.`)
}

/** The result of a call: the answer as JSON, so that nothing in it reads like our own text. */
export const answered = (id: string | number, answer: string | null) => ({
  jsonrpc: "2.0",
  id,
  result: {
    content: [
      {
        type: "text",
        text: answer === null ? "No one answered in time." : JSON.stringify(answer)
      }
    ],
    isError: false
  }
})

export const notAsked = (id: string | number, why: string) => ({
  jsonrpc: "2.0",
  id,
  result: { content: [{ type: "text", text: `The question was not asked: ${why}` }], isError: true }
})
