import { afterEach, assert, expect, it, vi } from "vitest"
import { changes } from "../../../web/data/changes.ts"
import { connect } from "../../../web/data/client.ts"
import { session } from "../../../web/data/session.ts"
import { signIn } from "../support/browser.ts"
import { Service } from "../support/Service.ts"

afterEach(() => {
  vi.restoreAllMocks()
  session.end("left")
})

it("a listener that throws is logged, and does not keep a change from the next one", async () => {
  const logged: Array<string> = []
  for (const level of ["log", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((...parts) => void logged.push(parts.map(String).join(" ")))
  }
  const service = new Service()
  connect(service.layer)
  const seen: Array<string> = []
  const unsubscribe = [
    changes.subscribe((change) => {
      if (change !== null) throw new TypeError("broken listener")
    }),
    changes.subscribe((change) => {
      if (change !== null) seen.push(change.subject)
    })
  ]
  signIn()
  await expect.poll(() => service.followers).toBe(1)
  service.emit("dispatch", "1")
  service.emit("dispatch", "2")
  await expect.poll(() => seen).toEqual(["1", "2"])
  assert.strictEqual(service.called("GET /api/events").length, 1)
  assert.isTrue(logged.some((text) => text.includes("A listener of changes failed")))
  for (const each of unsubscribe) each()
})
