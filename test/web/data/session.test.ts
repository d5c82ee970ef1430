import * as DateTime from "effect/DateTime"
import { assert, expect, it } from "vitest"
import { session } from "../../../web/data/session.ts"

const begin = (lasting: DateTime.Utc) => session.begin({ token: "token", expiresAt: lasting, name: null })

it("ends by itself when the token expires", async () => {
  begin(DateTime.add(DateTime.nowUnsafe(), { milliseconds: 50 }))
  assert.isNotNull(session.current)
  await expect.poll(() => session.endedBecause).toBe("expired")
  assert.isNull(localStorage.getItem("ai-implement.session"))
})

it("follows what another tab does", () => {
  begin(DateTime.add(DateTime.nowUnsafe(), { hours: 1 }))
  localStorage.removeItem("ai-implement.session")
  window.dispatchEvent(new StorageEvent("storage", { key: "ai-implement.session" }))
  assert.isNull(session.current)
})

it("ignores what it did not write", () => {
  localStorage.setItem("ai-implement.session", "{")
  window.dispatchEvent(new StorageEvent("storage", { key: "ai-implement.session" }))
  assert.isNull(session.current)
  localStorage.clear()
})
