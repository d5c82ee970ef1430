import { assert, describe, it } from "@effect/vitest"
import { environmentOf } from "../../src/runner/environment.ts"

describe("the environment of the program", () => {
  it("of a job comes from GitHub's variables and the inputs", () => {
    const found = environmentOf({
      AI_IMPLEMENT_INPUTS:
        '{"dispatch_id":"d-1","callback_url":"https://ai.test/","pr_number":null,"max_turns":5}',
      RUNNER_TEMP: "/tmp/r",
      GITHUB_WORKSPACE: "/w",
      GITHUB_SERVER_URL: "https://git.test/",
      GITHUB_API_URL: "https://git.test/api/v3",
      GITHUB_REPOSITORY: "acme/app",
      GITHUB_RUN_ID: "7"
    })
    assert.deepInclude(found, {
      url: "https://ai.test",
      dispatchId: "d-1",
      inputs: { dispatch_id: "d-1", callback_url: "https://ai.test/", max_turns: "5" },
      contextDir: "/tmp/r/ai-implement/context",
      trustedDir: "/w/trusted",
      workDir: "/w/work",
      gitUrl: "https://git.test",
      apiUrl: "https://git.test/api/v3",
      agentUser: null,
      agentCommand: "claude",
      runUrl: "https://git.test/acme/app/actions/runs/7",
      jobToken: null
    })
  })

  it.each([
    [{}, null],
    [{ AI_IMPLEMENT_AGENT_UID: "10002" }, { uid: 10_002, gid: 10_002 }],
    [
      { AI_IMPLEMENT_AGENT_UID: "10002", AI_IMPLEMENT_AGENT_GID: "7" },
      { uid: 10_002, gid: 7 }
    ],
    [{ AI_IMPLEMENT_AGENT_UID: "agent" }, null]
  ])("names the agent's user: %o", (variables, expected) => {
    assert.deepStrictEqual(environmentOf(variables).agentUser, expected)
  })

  it.each([
    [{}, "ai-implement[bot]"],
    [{ AI_IMPLEMENT_REPOSITORY_TOKEN: "t" }, "github-actions[bot]"],
    [{ AI_IMPLEMENT_REPOSITORY_TOKEN: "t", AI_IMPLEMENT_URL: "https://ai.test" }, "ai-implement[bot]"],
    [{ AI_IMPLEMENT_BOT_NAME: "acme[bot]", AI_IMPLEMENT_BOT_EMAIL: "a@b" }, "acme[bot]"]
  ])("names the bot: %o", (variables, name) => {
    assert.strictEqual(environmentOf(variables).bot.name, name)
  })

  it("refuses inputs that are no JSON", () => {
    assert.throws(() => environmentOf({ AI_IMPLEMENT_INPUTS: "{" }))
  })
})
