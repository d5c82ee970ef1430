import { html, LitElement } from "lit"
import { afterEach, assert, beforeEach, it, vi } from "vitest"
import { connection } from "../../../web/data/connection.ts"
import { Failure } from "../../../web/data/Failure.ts"
import { Polling } from "../../../web/data/Polling.ts"
import { session } from "../../../web/data/session.ts"
import { show, signIn } from "../support/browser.ts"

const unreachable = new Failure({
  kind: "unreachable",
  message: "away",
  name: "away",
  issues: [],
  retryAfter: null
})

let asked: Array<string> = []
let answer: (key: string) => Promise<string> = (key) => Promise.resolve(key)

class PollingHost extends LitElement {
  static override readonly properties = { key: {} }
  declare key: string
  readonly polling = new Polling(this, {
    key: () => this.key,
    load: () => {
      asked.push(this.key)
      return answer(this.key)
    }
  })
  override render() {
    return html`${this.polling.value}`
  }
}
customElements.define("polling-host", PollingHost)

let hidden = false
const hide = (value: boolean) => {
  hidden = value
  document.dispatchEvent(new Event("visibilitychange"))
}

const place = (key: string) => {
  const host = document.createElement("polling-host") as PollingHost
  host.key = key
  show(html`${host}`)
  return host
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden)
  asked = []
  answer = (key) => Promise.resolve(key)
  signIn()
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  hidden = false
  session.end("left")
})

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

it("loads at once and every 2 seconds", async () => {
  const host = place("a")
  await pass(10)
  assert.strictEqual(host.polling.value, "a")
  assert.strictEqual(asked.length, 1)
  await pass(4000)
  assert.strictEqual(asked.length, 3)
})

it("rests while the tab is hidden and catches up when it is seen again", async () => {
  place("b")
  await pass(10)
  hide(true)
  await pass(60_000)
  assert.strictEqual(asked.length, 1)
  hide(false)
  await pass(10)
  assert.strictEqual(asked.length, 2)
})

it("keeps the last value and says reconnecting while the service is away", async () => {
  const host = place("c")
  await pass(10)
  answer = () => Promise.reject(unreachable)
  await pass(2000)
  assert.strictEqual(host.polling.value, "c")
  assert.strictEqual(host.polling.failure?.message, "away")
  assert.isTrue(connection.reconnecting)
  answer = (key) => Promise.resolve(`${key} again`)
  await pass(4000)
  assert.strictEqual(host.polling.value, "c again")
  assert.isFalse(connection.reconnecting)
})

it("starts over when the key changes, and never shows what belongs to another key", async () => {
  const host = place("d")
  await pass(10)
  host.key = "e"
  await pass(0)
  assert.notStrictEqual(host.polling.value, "d")
  await pass(10)
  assert.strictEqual(host.polling.value, "e")
})

it("stops with its element", async () => {
  const host = place("f")
  await pass(10)
  host.remove()
  await pass(10_000)
  assert.strictEqual(asked.length, 1)
})
