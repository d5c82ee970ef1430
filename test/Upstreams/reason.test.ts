import { assert, describe, it } from "@effect/vitest"
import { reasonGiven } from "../../src/Upstreams/reason.ts"

describe("the reason that an upstream gives", () => {
  it("is told in one line, without its full stop", () => {
    const cases = [
      ["No ref found for: main.", "No ref found for: main"],
      ["one\ntwo", "one"],
      ["x".repeat(300), "x".repeat(200)],
      ["a\0b\ud800", "ab\ufffd"],
      ["", "it gave no reason"]
    ] as const
    for (const [said, told] of cases) assert.strictEqual(reasonGiven(said), told)
  })

  it("is told without credentials, whole or cut, and without what was sent in trust", () => {
    const secrets = [
      "Bearer abc.def",
      "basic YWxhZGRpbg==",
      "FlyV1 fm2_lJPECAAA",
      "ghs_16C7e42F292c6912E7",
      "github_pat_11AAAA_bbb",
      "lin_api_1234",
      "sk-ant-api03-xyz",
      "eyJhbGciOi.eyJzdWIi.c2ln"
    ]
    for (const secret of secrets) {
      const told = reasonGiven(`${"x".repeat(190)} ${secret}`)
      assert.notInclude(told, secret.slice(-4))
      assert.strictEqual(reasonGiven(`may not use ${secret} here`), "may not use … here")
    }
    assert.strictEqual(
      reasonGiven("no room for hunter22-more", ["hunter22", "hunter22-more", "o"]),
      "no room for …"
    )
    assert.strictEqual(
      reasonGiven("ai-implement-01890000-0000-7000-8000-000000000001 is taken"),
      "ai-implement-01890000-0000-7000-8000-000000000001 is taken"
    )
  })
})
