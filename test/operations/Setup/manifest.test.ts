import { assert, describe, it } from "@effect/vitest"
import { githubWeb } from "../../../src/domain/GitHubWeb.ts"
import { manifestOf, newAppPage } from "../../../src/operations/Setup/manifest.ts"
import { manifestIn } from "../../../src/sandbox/github/Manifests.ts"

const of = (publicUrl: string | null, web = "https://github.com") =>
  manifestOf({ name: "AI-Implement 1", publicUrl, origin: "http://localhost:8080", githubWeb: web })

describe("the manifest of the App", () => {
  for (const [name, publicUrl, web, hook] of [
    ["an address that GitHub reaches", "https://ai.test", undefined, "https://ai.test/webhooks/github"],
    ["localhost", "http://localhost:8080", undefined, undefined],
    ["a private address", "http://10.1.2.3", undefined, undefined],
    ["no address", null, undefined, undefined],
    [
      "a private address of an Enterprise Server's network",
      "http://10.1.2.3",
      "https://10.1.2.4",
      "http://10.1.2.3/webhooks/github"
    ]
  ] as const) {
    it(`has ${hook === undefined ? "neither a webhook nor events" : "a webhook and events"} with ${name}`, () => {
      const manifest = of(publicUrl, web)
      assert.strictEqual(manifest.hook_attributes?.url, hook)
      assert.strictEqual(manifest.default_events === undefined, hook === undefined)
      assert.isNotNull(manifestIn(JSON.stringify(manifest)))
    })
  }

  it("leads back to the page of the set-up, which may be on localhost", () => {
    assert.strictEqual(of("https://ai.test").redirect_url, "http://localhost:8080/admin/setup/github")
  })

  for (const [api, page] of [
    ["https://api.github.com", "https://github.com"],
    ["https://ghe.test/api/v3", "https://ghe.test"],
    ["https://api.acme.ghe.com", "https://acme.ghe.com"],
    ["http://127.0.0.1:4000", "http://127.0.0.1:4000"]
  ] as const) {
    it(`is posted to the pages of ${api}, of an account or an organization`, () => {
      assert.strictEqual(newAppPage(githubWeb(api), null, "s"), `${page}/settings/apps/new?state=s`)
      assert.strictEqual(
        newAppPage(githubWeb(api), "acme", "s"),
        `${page}/organizations/acme/settings/apps/new?state=s`
      )
    })
  }
})
