import { assert, describe, it } from "@effect/vitest"
import { modelCredential, scrubbed } from "../../src/runner/credentials.ts"

const all = {
  AWS_BEARER_TOKEN_BEDROCK: "bedrock",
  AWS_REGION: "eu-west-1",
  CLAUDE_CODE_OAUTH_TOKEN: "oauth",
  ANTHROPIC_API_KEY: "key"
}

describe("the credential of the model", () => {
  it.each([
    ["Bedrock first", all, "", "AWS_BEARER_TOKEN_BEDROCK"],
    [
      "a role next",
      {
        ...all,
        AWS_BEARER_TOKEN_BEDROCK: "",
        AWS_ACCESS_KEY_ID: "a",
        AWS_SECRET_ACCESS_KEY: "b",
        AWS_SESSION_TOKEN: "c"
      },
      "",
      "AWS role"
    ],
    ["then the OAuth token", { ...all, AWS_BEARER_TOKEN_BEDROCK: undefined }, "", "CLAUDE_CODE_OAUTH_TOKEN"],
    ["then the API key", { ANTHROPIC_API_KEY: "key", CLAUDE_CODE_OAUTH_TOKEN: "" }, "", "ANTHROPIC_API_KEY"],
    ["of the provider that the mapping names", all, "anthropic", "CLAUDE_CODE_OAUTH_TOKEN"]
  ])("is exactly one: %s", (_, variables, provider, name) => {
    const found = modelCredential(variables, provider)
    assert.strictEqual(found?.name, name)
    const values = Object.values(found?.variables ?? {})
    assert.lengthOf(
      values.filter((value) => ["bedrock", "oauth", "key"].includes(value)),
      name === "AWS role" ? 0 : 1
    )
  })

  it.each([
    [{}, ""],
    [{ ANTHROPIC_API_KEY: "key" }, "bedrock"]
  ])("is missing in %o for %o", (variables, provider) => {
    assert.isNull(modelCredential(variables, provider))
  })
})

describe("the environment of hooks and agent", () => {
  const secret = {
    ...all,
    ANTHROPIC_AUTH_TOKEN: "x",
    GITHUB_TOKEN: "x",
    GH_TOKEN: "x",
    GH_ENTERPRISE_TOKEN: "x",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "x",
    ACTIONS_RUNTIME_TOKEN: "x",
    AI_IMPLEMENT_TOKEN: "x",
    AI_IMPLEMENT_QUESTIONS_TOKEN: "x",
    FLY_API_TOKEN: "x",
    INPUT_TOKEN: "x",
    RUNNER_TOKEN: "x",
    aws_secret_access_key: "x",
    NODE_OPTIONS: "--require=evil",
    LD_PRELOAD: "evil.so",
    BASH_ENV: "evil.sh"
  }

  it("keeps nothing of the service, of GitHub, of the machine or of the model", () => {
    assert.deepStrictEqual(scrubbed({ ...secret, PATH: "/bin", HOME: "/home/a", JAVA_HOME: "/java" }), {
      PATH: "/bin",
      HOME: "/home/a",
      JAVA_HOME: "/java"
    })
  })

  it("adds the mapping's own variables, without the reserved names", () => {
    assert.deepStrictEqual(scrubbed({}, '{"DATABASE_URL":"x","GITHUB_TOKEN":"y","PATH":"/evil"}'), {
      DATABASE_URL: "x"
    })
  })
})
