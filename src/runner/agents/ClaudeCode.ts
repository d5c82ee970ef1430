import type { ModelCredential } from "../credentials.ts"
import type { Agent, Task } from "./Agent.ts"
import { claudeReader } from "./claudeStream.ts"

const readTools = ["Read", "Grep", "Glob", "LS", "TodoWrite", "Task", "Bash(git log:*)", "Bash(git show:*)"]
const writeTools = ["Edit", "MultiEdit", "Write", "NotebookEdit"]

const configOf = (questionsUrl: string | null) =>
  JSON.stringify({
    mcpServers: questionsUrl === null ? {} : { ai_implement: { type: "http", url: questionsUrl } }
  })

const option = (name: string, value: string | number | null) => (value === null ? [] : [name, String(value)])

const argsOf = (task: Task) => [
  "-p",
  "--output-format",
  "stream-json",
  "--verbose",
  "--permission-mode",
  task.readOnly ? "dontAsk" : "bypassPermissions",
  "--strict-mcp-config",
  "--mcp-config",
  configOf(task.questionsUrl),
  "--setting-sources",
  "user,project",
  "--session-id",
  task.sessionId,
  ...option("--max-turns", task.maxTurns),
  ...option("--max-budget-usd", task.maxBudgetUsd),
  ...option("--model", task.model),
  ...option("--effort", task.effort),
  ...(task.readOnly
    ? [
        "--allowedTools",
        [...readTools, ...(task.questionsUrl === null ? [] : ["mcp__ai_implement__ask_human"])].join(","),
        "--disallowedTools",
        writeTools.join(",")
      ]
    : [])
]

const envOf = (task: Task, credential: ModelCredential) => ({
  ...credential.variables,
  // A refused key is otherwise retried for more than 80 s.
  CLAUDE_CODE_MAX_RETRIES: "1",
  // A question may wait for a person; the tool call stays in the foreground.
  CLAUDE_CODE_MCP_AUTO_BACKGROUND_MS: "0",
  MCP_TOOL_TIMEOUT: String(24 * 60 * 60 * 1000),
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_AUTOUPDATER: "1",
  ...(task.asRoot && { IS_SANDBOX: "1" })
})

/** Claude Code, by its command line. */
export const ClaudeCode: Agent = {
  name: "Claude Code",
  launch: (task, command, credential) => ({
    command,
    args: argsOf(task),
    env: envOf(task, credential),
    stdin: task.prompt
  }),
  reader: claudeReader
}
