import { assert, describe, it } from "@effect/vitest"
import { ClaudeCode } from "../../../src/runner/agents/ClaudeCode.ts"
import type { Task } from "../../../src/runner/agents/Agent.ts"

const credential = { name: "ANTHROPIC_API_KEY", variables: { ANTHROPIC_API_KEY: "key" } } as const
const task: Task = {
  prompt: "Do it.",
  model: "opus",
  effort: null,
  maxTurns: 5,
  maxBudgetUsd: 2,
  readOnly: false,
  sessionId: "s-1",
  questionsUrl: "http://127.0.0.1:1/x",
  asRoot: false
}
const usage = { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: null }

const read = (lines: ReadonlyArray<object | string>, code: number | null = 0) => {
  const reader = ClaudeCode.reader(credential)
  const said = lines.flatMap((line) => reader.line(typeof line === "string" ? line : JSON.stringify(line)))
  return { said, refused: reader.isRefused(), ...reader.ended(code) }
}

const result = (rest: object) => ({
  type: "result",
  subtype: "success",
  is_error: false,
  session_id: "s-1",
  ...rest
})

describe("the command line of Claude Code", () => {
  it("receives the prompt by stdin, and no credential in its arguments", () => {
    const { args, command, env, stdin } = ClaudeCode.launch(task, "/bin/claude", credential)
    assert.strictEqual(command, "/bin/claude")
    assert.strictEqual(stdin, "Do it.")
    assert.notInclude(args.join(" "), "key")
    assert.include(
      args.join(" "),
      "-p --output-format stream-json --verbose --permission-mode bypassPermissions --strict-mcp-config"
    )
    assert.include(args.join(" "), "--max-turns 5 --max-budget-usd 2 --model opus")
    assert.deepInclude(env, {
      ANTHROPIC_API_KEY: "key",
      CLAUDE_CODE_MAX_RETRIES: "1",
      CLAUDE_CODE_MCP_AUTO_BACKGROUND_MS: "0"
    })
    assert.notProperty(env, "IS_SANDBOX")
    assert.strictEqual(
      args[args.indexOf("--mcp-config") + 1],
      '{"mcpServers":{"ai_implement":{"type":"http","url":"http://127.0.0.1:1/x"}}}'
    )
  })

  it("changes nothing when it only reads", () => {
    const args = ClaudeCode.launch(
      { ...task, readOnly: true, questionsUrl: null },
      "c",
      credential
    ).args.join(" ")
    assert.include(args, "--permission-mode dontAsk")
    assert.include(args, "--disallowedTools Edit,MultiEdit,Write,NotebookEdit")
    assert.notInclude(args, "ask_human")
  })
})

describe("the output of Claude Code", () => {
  it("gives text, cost, tokens of every model, turns and denials", () => {
    const end = read([
      { type: "system", subtype: "init", session_id: "s-1", model: "m-1" },
      {
        type: "assistant",
        message: { id: "1", content: [{ type: "tool_use", name: "Bash", input: { command: "ls" } }], usage }
      },
      { type: "user", message: { content: [{ type: "tool_result", is_error: true, content: "no" }] } },
      result({
        result: "Done.",
        num_turns: 4,
        total_cost_usd: 0.5,
        modelUsage: {
          "m-1": { inputTokens: 1, outputTokens: 2, cacheReadInputTokens: 3, cacheCreationInputTokens: 4 },
          "m-2": { inputTokens: 5, outputTokens: 6 }
        },
        permission_denials: [{ tool_name: "Bash", tool_use_id: "t", tool_input: { command: "curl" } }]
      })
    ])
    assert.deepInclude(end, { ending: "finished", text: "Done.", refused: false })
    assert.deepStrictEqual(end.usage, {
      model: "m-1",
      costUsd: 0.5,
      tokens: 21,
      turns: 4,
      permissionDenials: ['Bash {"command":"curl"}'],
      sessionId: "s-1"
    })
    assert.deepStrictEqual(end.said, ["The agent started.", '→ Bash {"command":"ls"}', '✗ "no"'])
  })

  it("sums the usage of its messages when there is no result", () => {
    const message = { type: "assistant", message: { id: "1", content: [{ type: "text", text: "a" }], usage } }
    const end = read(
      [message, message, { type: "assistant", message: { id: "2", content: "b", usage } }, "Killed"],
      143
    )
    assert.deepInclude(end, { ending: "failed", text: "a" })
    assert.deepInclude(end.usage, { tokens: 30, turns: 2, costUsd: null })
    assert.strictEqual(end.said.at(-1), "Killed")
  })

  it.each([
    ["the turn cap", result({ subtype: "error_max_turns", is_error: true }), "turn_cap"],
    ["the budget cap", result({ subtype: "error_max_budget_usd", is_error: true }), "budget_cap"],
    ["an error that calls itself a success", result({ is_error: true, result: "API Error: 500" }), "failed"],
    [
      "a wrong key",
      result({ is_error: true, result: "Invalid API key · Please run /login" }),
      "credential_refused"
    ],
    [
      "a refused status",
      result({ is_error: true, api_error_status: 401, result: "x" }),
      "credential_refused"
    ],
    ["an error in the middle", result({ subtype: "error_during_execution", is_error: true }), "failed"]
  ])("knows %s", (_, line, ending) => {
    assert.strictEqual(read([line], 1).ending, ending)
  })

  it("knows a refused credential before the end, and names it without its value", () => {
    const end = read([{ type: "system", subtype: "api_retry", error_status: 401 }], null)
    assert.isTrue(end.refused)
    assert.strictEqual(end.ending, "credential_refused")
    assert.include(end.message, "ANTHROPIC_API_KEY")
  })

  it("an overloaded model is no refused credential", () => {
    assert.isFalse(read([{ type: "system", subtype: "api_retry", error_status: 529 }]).refused)
  })
})
