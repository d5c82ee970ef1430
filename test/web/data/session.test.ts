import * as DateTime from "effect/DateTime"
import { assert, expect, it } from "vitest"
import { session } from "../../../web/data/session.ts"

const inAnotherTab = (stored: string) => {
  localStorage.setItem("ai-implement.session", stored)
  window.dispatchEvent(new StorageEvent("storage", { key: "ai-implement.session" }))
}

const begin = (lasting: DateTime.Utc) => session.begin({ token: "token", expiresAt: lasting, name: null })

it("ends by itself when the token expires", async () => {
  begin(DateTime.add(DateTime.nowUnsafe(), { milliseconds: 50 }))
  assert.isNotNull(session.current)
  await expect.poll(() => session.endedBecause).toBe("expired")
  assert.notInclude(localStorage.getItem("ai-implement.session"), "token")
})

it("follows what another tab does, and ends for its reason", () => {
  begin(DateTime.add(DateTime.nowUnsafe(), { hours: 1 }))
  session.end("left")
  const byOther = localStorage.getItem("ai-implement.session") ?? ""
  begin(DateTime.add(DateTime.nowUnsafe(), { hours: 1 }))
  inAnotherTab(byOther)
  assert.isNull(session.current)
  assert.strictEqual(session.endedBecause, "left")
})

it("ignores what it did not write", () => {
  inAnotherTab("{")
  assert.isNull(session.current)
  localStorage.clear()
})
