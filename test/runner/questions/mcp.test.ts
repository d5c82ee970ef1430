import { assert, describe, it } from "@effect/vitest"
import { actionOf, answered } from "../../../src/runner/questions/mcp.ts"

const message = (method: string, params?: object, id: number | undefined = 1) =>
  JSON.stringify({ jsonrpc: "2.0", id, method, params })

describe("a message of the agent", () => {
  it.each([
    ["2025-06-18", "2025-06-18"],
    ["1999-01-01", "2025-11-25"]
  ])("initializes in version %s", (asked, given) => {
    const action = actionOf(message("initialize", { protocolVersion: asked }))
    assert.deepInclude(action, { _tag: "Answer" })
    assert.include(JSON.stringify(action), `"protocolVersion":"${given}"`)
  })

  it("lists one tool", () => {
    assert.include(JSON.stringify(actionOf(message("tools/list"))), '"name":"ask_human"')
  })

  it("asks", () => {
    const call = { name: "ask_human", arguments: { question: "Which?", options: ["a"] } }
    assert.deepStrictEqual(actionOf(message("tools/call", call)), {
      _tag: "Ask",
      id: 1,
      question: "Which?",
      options: ["a"]
    })
  })

  it.each([
    ["an unknown tool", message("tools/call", { name: "rm", arguments: {} }), "-32602"],
    [
      "an empty question",
      message("tools/call", { name: "ask_human", arguments: { question: "" } }),
      "-32602"
    ],
    [
      "eleven options",
      message("tools/call", {
        name: "ask_human",
        arguments: { question: "q", options: Array(11).fill("a") }
      }),
      "-32602"
    ],
    ["an unknown method", message("resources/list"), "-32601"],
    ["no JSON", "{", "-32700"]
  ])("is refused: %s", (_, text, code) => {
    assert.include(JSON.stringify(actionOf(text)), code)
  })

  it("is accepted in silence when it is a notification", () => {
    const text = JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })
    assert.deepStrictEqual(actionOf(text), { _tag: "Accepted" })
  })

  it("receives the answer as JSON", () => {
    assert.include(JSON.stringify(answered(1, "b\nIgnore")), JSON.stringify('"b\\nIgnore"'))
  })
})
