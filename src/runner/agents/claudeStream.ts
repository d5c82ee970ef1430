import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { ModelCredential } from "../credentials.ts"
import type { Ended, Ending, Reader } from "./Agent.ts"

const count = Schema.optional(Schema.NullOr(Schema.Finite))
const Usage = Schema.Struct({
  input_tokens: count,
  output_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count
})
const ModelUsage = Schema.Struct({
  inputTokens: count,
  outputTokens: count,
  cacheReadInputTokens: count,
  cacheCreationInputTokens: count
})

const Block = Schema.Struct({
  type: Schema.String,
  text: Schema.optional(Schema.Unknown),
  name: Schema.optional(Schema.String),
  input: Schema.optional(Schema.Unknown),
  is_error: Schema.optional(Schema.NullOr(Schema.Boolean)),
  content: Schema.optional(Schema.Unknown)
})

const Message = Schema.Struct({
  type: Schema.String,
  subtype: Schema.optional(Schema.String),
  session_id: Schema.optional(Schema.String),
  model: Schema.optional(Schema.String),
  error_status: Schema.optional(Schema.NullOr(Schema.Finite)),
  error: Schema.optional(Schema.Unknown),
  message: Schema.optional(
    Schema.Struct({
      id: Schema.optional(Schema.String),
      content: Schema.optional(Schema.Union([Schema.String, Schema.Array(Block)])),
      usage: Schema.optional(Usage)
    })
  ),
  result: Schema.optional(Schema.Unknown),
  errors: Schema.optional(Schema.Array(Schema.Unknown)),
  is_error: Schema.optional(Schema.Boolean),
  api_error_status: Schema.optional(Schema.NullOr(Schema.Finite)),
  num_turns: count,
  total_cost_usd: count,
  modelUsage: Schema.optional(Schema.Record(Schema.String, ModelUsage)),
  permission_denials: Schema.optional(
    Schema.Array(Schema.Struct({ tool_name: Schema.String, tool_input: Schema.optional(Schema.Unknown) }))
  )
})
type Message = typeof Message.Type

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Message))

const maxLineLength = 500

const oneLine = (text: string) => {
  const flat = text.replace(/\s+/g, " ").trim()
  return flat.length > maxLineLength ? `${flat.slice(0, maxLineLength).toWellFormed()}…` : flat
}

const refusedText =
  /\b401\b|authentication_error|invalid (x-)?api[ -]key|invalid bearer token|oauth token (has expired|revoked)|not logged in|please run \/login/i

const sumOf = (...parts: ReadonlyArray<number | null | undefined>) =>
  parts.reduce<number>((sum, part) => sum + (part ?? 0), 0)

const tokensOf = (usage: typeof Usage.Type) =>
  sumOf(
    usage.input_tokens,
    usage.output_tokens,
    usage.cache_creation_input_tokens,
    usage.cache_read_input_tokens
  )

const modelTokensOf = (usage: typeof ModelUsage.Type) =>
  sumOf(usage.inputTokens, usage.outputTokens, usage.cacheReadInputTokens, usage.cacheCreationInputTokens)

const linesOf = ({ message, subtype, type }: Message): ReadonlyArray<string> => {
  const content = message?.content
  if (type === "system") return subtype === "init" ? ["The agent started."] : []
  if (typeof content === "string" || content === undefined) return []
  return content.flatMap((block) => {
    switch (block.type) {
      case "text":
        return typeof block.text === "string" && block.text.trim() !== "" ? [oneLine(block.text)] : []
      case "tool_use":
        return [`→ ${block.name ?? "tool"} ${oneLine(JSON.stringify(block.input ?? {}))}`]
      case "tool_result":
        return block.is_error === true ? [`✗ ${oneLine(JSON.stringify(block.content ?? ""))}`] : []
    }
    return []
  })
}

const statusIsRefusal = (status: number | null | undefined) => status === 401 || status === 403

const endingOf = (result: Message | null, text: string): Ending => {
  if (result === null) return "failed"
  switch (result.subtype) {
    case "error_max_turns":
      return "turn_cap"
    case "error_max_budget_usd":
      return "budget_cap"
    case "success":
      if (result.is_error !== true) return "finished"
  }
  return statusIsRefusal(result.api_error_status) || refusedText.test(text) ? "credential_refused" : "failed"
}

/** Reads `--output-format stream-json`. Without a result message, the usage of the messages is summed. */
export const claudeReader = (credential: ModelCredential): Reader => {
  let result: Message | null = null
  let model: string | null = null
  let sessionId: string | null = null
  let lastText = ""
  let refused = false
  const seen = new Map<string, number>()

  const line = (text: string) => {
    const message = Option.getOrNull(decode(text))
    if (message === null) return text.trim() === "" ? [] : [oneLine(text)]
    sessionId = message.session_id ?? sessionId
    if (message.type === "system") {
      model = message.model ?? model
      if (message.subtype === "api_retry" && statusIsRefusal(message.error_status)) refused = true
    }
    if (message.type === "assistant" && message.message !== undefined) {
      const { content, id = `message-${seen.size}`, usage } = message.message
      // One message comes in several lines, each with its usage so far.
      if (usage !== undefined) seen.set(id, tokensOf(usage))
      if (Array.isArray(content)) {
        const said = content.flatMap((block) =>
          block.type === "text" && typeof block.text === "string" ? [block.text] : []
        )
        if (said.length > 0) lastText = said.join("\n")
      }
      if (message.error === "authentication_failed") refused = true
    }
    if (message.type === "result") result = message
    return linesOf(message)
  }

  const ended = (exitCode: number | null): Ended => {
    const last: Message | null = result
    const text = typeof last?.result === "string" ? last.result : lastText
    const ending =
      refused && endingOf(last, text) !== "finished" ? "credential_refused" : endingOf(last, text)
    const models = Object.entries(last?.modelUsage ?? {})
    const tokens =
      models.length > 0
        ? models.reduce((sum, [, usage]) => sum + modelTokensOf(usage), 0)
        : [...seen.values()].reduce((sum, part) => sum + part, 0)
    const mainModel = models.toSorted(([, a], [, b]) => modelTokensOf(b) - modelTokensOf(a))[0]?.[0]
    const reasons = [...(last?.errors ?? []).filter((one) => typeof one === "string"), text]
    return {
      ending,
      text: ending === "finished" ? text : lastText,
      message: messageOf(ending, oneLine(reasons.join(" ")), exitCode, credential),
      usage: {
        model: model ?? mainModel ?? null,
        costUsd: last?.total_cost_usd ?? null,
        tokens,
        turns: last?.num_turns ?? seen.size,
        permissionDenials: (last?.permission_denials ?? []).map(({ tool_input, tool_name }) =>
          oneLine(`${tool_name} ${JSON.stringify(tool_input ?? {})}`)
        ),
        sessionId
      }
    }
  }

  return { line, isRefused: () => refused, ended }
}

const messageOf = (ending: Ending, reason: string, exitCode: number | null, { name }: ModelCredential) => {
  switch (ending) {
    case "finished":
      return ""
    case "turn_cap":
      return "The agent reached its limit of turns."
    case "budget_cap":
      return "The agent reached its budget."
    case "credential_refused":
      return `The model refuses the credential ${name}. Replace it, then retry the dispatch.`
    case "failed":
      return reason === "" ? `The agent ended without a result (exit code ${exitCode ?? "none"}).` : reason
  }
}
