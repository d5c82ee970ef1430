import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { redactVendorMessage } from "../../../src/upstreams/client/redact.ts"

describe("the reason that an upstream gives", () => {
  it("is told in one line, without its full stop", () => {
    const cases = [
      ["No ref found for: main.", "No ref found for: main"],
      ["one\ntwo", "one"],
      ["not ".repeat(100), "not ".repeat(50).trim()],
      ["a\0b\ud800", "ab\ufffd"],
      ["", "it gave no reason"]
    ] as const
    for (const [said, told] of cases) assert.strictEqual(redactVendorMessage(said), told)
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
      const told = redactVendorMessage(`${"no ".repeat(63)}${secret}`)
      assert.notInclude(told, secret.slice(-4))
      assert.strictEqual(redactVendorMessage(`may not use ${secret} here`), "may not use … here")
    }
    assert.strictEqual(
      redactVendorMessage("no room for hunter22-more", ["hunter22", "hunter22-more", "o"]),
      "no room for …"
    )
  })

  it("is told with its names, numbers and places", () => {
    const readable = [
      "Resource not accessible by integration",
      "Unexpected inputs provided: issue_description, workflow_dispatch",
      "No ref found for: feature/eng-12-fix-login",
      "Workflow claude-implement.yml does not have 'workflow_dispatch' trigger",
      "min_secrets_version 1700000000000 is not reached, got 404 (Not Found)",
      "no room in us-east-1, eu-central-2 and ams for shared-cpu-4x with 2048MB on ubuntu-24.04",
      "Validation Failed: https://docs.github.com/rest/actions/workflows",
      "minSecretsVersion of PostgreSQL 18, see actions/checkout@v4 and test/e2e/login.test.ts",
      "AUTHENTICATION_ERROR: internationalization is unavailable at 127.0.0.1:8080"
    ]
    for (const said of readable) assert.strictEqual(redactVendorMessage(said), said)
  })

  it("is told without words that no name and no prose is made of", () => {
    const strange = [
      "9f86d081884c7d65",
      "3f2b8c1e-9d47-4a6b-8e21-5c7f0a9b1d3e",
      "01890000-0000-7000-8000-00000000000a",
      "q83vASNFZ4mrze8_EjRWeJCrze8",
      "xQz-kVbTnWpRtYcXzLmNhJgF",
      "s3cr3t-p4ssw0rd!",
      "hunter2hunter2",
      "QWLKJZXCVBNMASDFGHJK",
      "abcdefghijklmnopqrstuvwx"
    ]
    for (const each of strange) {
      const cases = [
        [`may not use ${each}`, "may not use …"],
        [`may not use "${each}" here.`, 'may not use "…" here'],
        [`(${each}) is taken`, "(…) is taken"],
        [`TOKEN=${each}, so no`, "TOKEN=…, so no"],
        [`at https://host.test/${each}?a`, "at …"],
        [`as user:${each}@host`, "as …"],
        [`${"no ".repeat(63)}${each}`, `${"no ".repeat(63)}…`]
      ] as const
      for (const [said, told] of cases) assert.strictEqual(redactVendorMessage(said), told)
    }
  })

  it("is told without any key that is long enough to be one", () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
    const key = fc.oneof(
      bytes(16).map((each) => Buffer.from(each).toString("hex")),
      bytes(32).map((each) => Buffer.from(each).toString("base64url")),
      bytes(32).map((each) => Buffer.from(each).toString("base64")),
      fc.uuid()
    )
    fc.assert(
      fc.property(key, fc.constantFrom(" ", '"', "(", "key=", "https://a.test/", "key:"), (key, before) => {
        const told = redactVendorMessage(`No: ${before}${key}`)
        assert.notInclude(told, key.slice(0, 8))
        assert.notInclude(told, key.slice(-8).replace(/=+$/, ""))
      }),
      { seed: 1, numRuns: 5000 }
    )
  })
})
