#!/usr/bin/env node
// Stands in for the agent's command line: does what scenario.json beside it says.
import { execFileSync } from "node:child_process"
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"

const beside = (name) => new URL(`./${name}`, import.meta.url)
const scenario = JSON.parse(readFileSync(beside("scenario.json"), "utf8"))
const prompt = readFileSync(0, "utf8")
const args = process.argv.slice(2)
const option = (name) => args[args.indexOf(name) + 1]

// Only where a test asks for it: the environment holds the credential of the model.
const record = (name, value) => {
  if (scenario.records) writeFileSync(beside(name), JSON.stringify(value))
}
const { env, pid } = process
record("seen.json", { args, prompt, env, cwd: process.cwd(), uid: process.getuid(), pid })

const say = (message) =>
  process.stdout.write(`${JSON.stringify({ session_id: option("--session-id"), ...message })}\n`)
const usage = { input_tokens: 100, output_tokens: 20, cache_read_input_tokens: 3 }
const text = (id, content) =>
  say({ type: "assistant", message: { id, content: [{ type: "text", text: content }], usage } })

const callTool = async (address, id, method, params) => {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: JSON.stringify({ jsonrpc: "2.0", id, method, params })
  })
  const body = await response.text()
  const data = body.startsWith("{")
    ? body
    : body
        .split("\n")
        .find((line) => line.startsWith("data: "))
        ?.slice(6)
  return JSON.parse(data ?? "{}")
}

say({ type: "system", subtype: "init", model: "stub-1" })
text("m1", scenario.says ?? "I begin.")
if (scenario.pause) await new Promise((resolve) => setTimeout(resolve, scenario.pause))

if (scenario.refuses) {
  say({ type: "system", subtype: "api_retry", error_status: 401, attempt: 1 })
  await new Promise((resolve) => setTimeout(resolve, 60_000))
}

if (scenario.ask) {
  const { mcpServers } = JSON.parse(option("--mcp-config"))
  const [server] = Object.values(mcpServers)
  const seen = { server: server ?? null, results: [] }
  if (server) {
    seen.results.push(await callTool(server.url, 1, "initialize", { protocolVersion: "2025-06-18" }))
    seen.results.push(await callTool(server.url, 2, "tools/list", {}))
    seen.results.push(
      await callTool(server.url, 3, "tools/call", { name: "ask_human", arguments: scenario.ask })
    )
  }
  record("asked.json", seen)
}

for (const [path, content] of Object.entries(scenario.writes ?? {})) {
  const input = { file_path: path }
  say({
    type: "assistant",
    message: { id: path, content: [{ type: "tool_use", name: "Write", input }], usage }
  })
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

if (scenario.run) {
  say({
    type: "assistant",
    message: { id: "m2", content: [{ type: "tool_use", name: "Bash", input: { command: "…" } }], usage }
  })
  execFileSync("/bin/sh", ["-ec", scenario.run], { stdio: ["ignore", "ignore", "inherit"] })
}

for (let index = 0; index < (scenario.lines ?? 0); index += 1)
  text(`l${index}`, `line ${index} ${"x".repeat(200)}`)

if (scenario.hangs) {
  appendFileSync(beside("hanging"), "")
  await new Promise((resolve) => {
    const look = setInterval(() => {
      if (existsSync(beside("go"))) {
        clearInterval(look)
        resolve()
      }
    }, 50)
  })
}

if (scenario.noResult) process.exit(scenario.exit ?? 143)
say({
  type: "result",
  subtype: scenario.subtype ?? "success",
  is_error: scenario.isError ?? (scenario.subtype ?? "success") !== "success",
  result:
    scenario.text ?? "## What was done\nThe change.\n\n## How it was verified\nBy reading.\n\n## Gaps\nNone.",
  num_turns: scenario.spent?.turns ?? 3,
  total_cost_usd: scenario.spent?.costUsd ?? 0.42,
  modelUsage: {
    "stub-1": scenario.spent
      ? { inputTokens: scenario.spent.tokens }
      : { inputTokens: 300, outputTokens: 60, cacheReadInputTokens: 9, cacheCreationInputTokens: 1 }
  },
  permission_denials: scenario.denials ?? []
})
process.exit(scenario.exit ?? 0)
