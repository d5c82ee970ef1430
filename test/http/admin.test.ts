import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { brotliCompressSync, gzipSync } from "node:zlib"
import { AdminRoot } from "../../src/http/site/Admin.ts"
import { send, server } from "../support/httpServer.ts"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "ai-implement-admin-"))),
  (dir) => Effect.sync(() => rmSync(dir, { recursive: true, force: true }))
)

const serving = (root: string) => Effect.provide(server().pipe(Layer.provide(Layer.succeed(AdminRoot, root))))

const html = { accept: "text/html,*/*" }

describe("the admin", () => {
  it.effect("is served with its pages, and its hashed files may be kept for ever", () =>
    Effect.gen(function* () {
      const root = yield* folder
      mkdirSync(join(root, "assets"))
      writeFileSync(join(root, "index.html"), "<title>AI-Implement</title>")
      writeFileSync(join(root, "assets", "main-1a2b.js"), "export {}")
      yield* Effect.gen(function* () {
        const moved = yield* send("/")
        assert.deepStrictEqual([moved.status, moved.headers["location"]], [302, "/admin/"])
        const bare = yield* send("/admin?x=1")
        assert.deepStrictEqual([bare.status, bare.headers["location"]], [301, "/admin/?x=1"])
        for (const path of ["/admin/", "/admin/log", "/admin/issues/ENG-1?x=y"]) {
          const page = yield* send(path, { headers: html })
          assert.deepStrictEqual([page.status, page.body], [200, "<title>AI-Implement</title>"], path)
          assert.strictEqual(page.headers["cache-control"], "no-cache")
          assert.include(page.headers["content-security-policy"], "default-src 'self'")
        }
        const script = yield* send("/admin/assets/main-1a2b.js")
        assert.strictEqual(script.status, 200)
        assert.include(script.headers["content-type"], "text/javascript")
        assert.strictEqual(script.headers["cache-control"], "public, max-age=31536000, immutable")
        const again = yield* send("/admin/assets/main-1a2b.js", {
          headers: { "if-none-match": script.headers["etag"] ?? "" }
        })
        assert.strictEqual(again.status, 304)
        const missing = yield* send("/admin/assets/main-ffff.js", { headers: html })
        assert.deepStrictEqual([missing.status, missing.headers["cache-control"]], [404, "no-cache"])
        for (const path of [
          "/admin/..%2f..%2fpackage.json",
          "/admin/../package.json",
          "/admin/%00",
          "/admin/assets"
        ]) {
          assert.include([404, 301], (yield* send(path)).status, path)
        }
        for (const path of ["/admin/index.html/x", `/admin/${"a".repeat(5000)}`, "/admin/a\\b"]) {
          assert.strictEqual((yield* send(path)).status, 404, path.slice(0, 30))
        }
        assert.strictEqual((yield* send("/admin/", { method: "POST" })).headers["allow"], "GET, HEAD")
      }).pipe(serving(root))
    })
  )

  it.effect("is sent compressed to clients that take it, and is the same file", () =>
    Effect.gen(function* () {
      const root = yield* folder
      mkdirSync(join(root, "assets"))
      const text = "export const text = 'the same'"
      writeFileSync(join(root, "assets", "main-1a2b.js"), text)
      writeFileSync(join(root, "assets", "main-1a2b.js.br"), brotliCompressSync(text))
      writeFileSync(join(root, "assets", "main-1a2b.js.gz"), gzipSync(text))
      writeFileSync(join(root, "assets", "small-3c4d.js"), text)
      yield* Effect.gen(function* () {
        const path = "/admin/assets/main-1a2b.js"
        for (const [accept, encoding] of [
          ["gzip, deflate, br", "br"],
          ["gzip;q=1.0, br;q=0", "gzip"],
          ["gzip;q=1.0, br;q=0.5", "br"],
          ["BR", "br"],
          ["*", "br"],
          ["br;q=0, *", "gzip"],
          ["gzip, *;q=0", "gzip"],
          ["*;q=0", undefined],
          ["deflate, zstd", undefined],
          ["identity", undefined],
          ["", undefined]
        ] as const) {
          const script = yield* send(path, { headers: { "accept-encoding": accept } })
          assert.strictEqual(script.status, 200)
          assert.strictEqual(script.headers["content-encoding"], encoding, accept)
          assert.strictEqual(script.headers["vary"], "accept-encoding")
          assert.include(script.headers["content-type"], "text/javascript")
          assert.strictEqual(script.headers["cache-control"], "public, max-age=31536000, immutable")
          assert.strictEqual(script.body, text, accept)
          const again = yield* send(path, {
            headers: { "accept-encoding": accept, "if-none-match": script.headers["etag"] ?? "" }
          })
          assert.strictEqual(again.status, 304)
        }
        const small = yield* send("/admin/assets/small-3c4d.js", { headers: { "accept-encoding": "br" } })
        assert.deepStrictEqual([small.headers["content-encoding"], small.body], [undefined, text])
        const part = yield* send(path, { headers: { "accept-encoding": "identity", range: "bytes=0-5" } })
        assert.deepStrictEqual([part.status, part.body], [206, "export"])
      }).pipe(serving(root))
    })
  )

  it.effect("says so when it is not built", () =>
    Effect.gen(function* () {
      const root = yield* folder
      yield* Effect.gen(function* () {
        for (const path of ["/admin", "/admin/", "/admin/log"]) {
          const page = yield* send(path, { headers: html })
          if (path === "/admin" && page.status === 301) continue
          assert.strictEqual(page.status, 404)
          assert.include(page.body, "npm run build", path)
        }
      }).pipe(serving(join(root, "dist")))
    })
  )
})
