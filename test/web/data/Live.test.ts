import { html, LitElement } from "lit"
import { afterEach, assert, beforeAll, beforeEach, it, vi } from "vitest"
import { about, changes } from "../../../web/data/changes.ts"
import { connect } from "../../../web/data/client.ts"
import { connection } from "../../../web/data/connection.ts"
import { Failure } from "../../../web/data/Failure.ts"
import { Live } from "../../../web/data/Live.ts"
import { session } from "../../../web/data/session.ts"
import { show, signIn } from "../support/browser.ts"
import { Service } from "../support/Service.ts"

const unreachable = new Failure({
  kind: "unreachable",
  message: "away",
  name: "away",
  issues: [],
  retryAfter: null
})

let asked: Array<string> = []
let answer: (key: string) => Promise<string> = (key) => Promise.resolve(key)
let service: Service

class LiveHost extends LitElement {
  static override readonly properties = { key: {} }
  declare key: string
  readonly live = new Live(this, {
    key: () => this.key,
    load: () => {
      asked.push(this.key)
      return answer(this.key)
    },
    on: about("dispatch")
  })
  override render() {
    return html`${this.live.value}`
  }
}
customElements.define("live-host", LiveHost)

// The code of the stream is loaded here: time stands still in the tests, but not while a module loads.
beforeAll(async () => {
  const first = new Service()
  connect(first.layer)
  signIn()
  const unsubscribe = changes.subscribe(() => undefined)
  await vi.waitFor(() => assert.strictEqual(first.followers, 1), 10_000)
  unsubscribe()
  session.end("left")
})

let hidden = false
const hide = (value: boolean) => {
  hidden = value
  document.dispatchEvent(new Event("visibilitychange"))
}

const place = (key: string) => {
  const host = document.createElement("live-host") as LiveHost
  host.key = key
  show(html`${host}`)
  return host
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden)
  asked = []
  answer = (key) => Promise.resolve(key)
  service = new Service()
  connect(service.layer)
  signIn()
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  hidden = false
  session.end("left")
})

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
/** Until the stream is open and what was loaded with it has come. */
const settle = async () => {
  await pass(1000)
  asked = []
}

it("loads at once, and again soon after a change that it subscribes to", async () => {
  const host = place("a")
  await pass(10)
  assert.strictEqual(host.live.value, "a")
  await settle()
  await pass(30_000)
  assert.deepStrictEqual(asked, [])
  service.emit("mapping", "ENG")
  await pass(1000)
  assert.deepStrictEqual(asked, [])
  answer = () => Promise.resolve("changed")
  service.emit("dispatch", "1")
  await pass(50)
  assert.deepStrictEqual(asked, ["a"])
  assert.strictEqual(host.live.value, "changed")
})

it("gathers many changes into few loads and never misses the last", async () => {
  const host = place("b")
  await settle()
  for (let index = 0; index < 50; index++) {
    answer = () => Promise.resolve(String(index))
    service.emit("dispatch", String(index))
    await pass(10)
  }
  await pass(1000)
  assert.strictEqual(host.live.value, "49")
  assert.isBelow(asked.length, 6)
})

it("loads at intervals without an event", async () => {
  place("c")
  await settle()
  await pass(61_000)
  assert.strictEqual(asked.length, 1)
})

it("loads nothing while the tab is hidden and catches up when it is seen again", async () => {
  const host = place("d")
  await settle()
  hide(true)
  await pass(10)
  assert.strictEqual(service.followers, 0)
  await pass(600_000)
  assert.deepStrictEqual(asked, [])
  answer = () => Promise.resolve("later")
  hide(false)
  await pass(10)
  assert.strictEqual(host.live.value, "later")
})

it("receives what changed while the connection was cut", async () => {
  const host = place("e")
  await settle()
  service.cut()
  await pass(10)
  assert.isTrue(connection.reconnecting)
  answer = () => Promise.resolve("replayed")
  service.emit("dispatch", "1")
  await pass(1000)
  assert.isFalse(connection.reconnecting)
  assert.strictEqual(service.followers, 1)
  assert.strictEqual(host.live.value, "replayed")
  const streams = service.called("GET /api/events")
  assert.isAbove(streams.length, 1)
})

it("keeps the last value, says reconnecting and retries while the service is away", async () => {
  const host = place("f")
  await settle()
  answer = () => Promise.reject(unreachable)
  service.unreachable = true
  await pass(1000)
  assert.strictEqual(host.live.value, "f")
  assert.strictEqual(host.live.failure?.message, "away")
  assert.isTrue(connection.reconnecting)
  answer = (key) => Promise.resolve(`${key} again`)
  service.unreachable = false
  await pass(16_000)
  assert.strictEqual(host.live.value, "f again")
  assert.isFalse(connection.reconnecting)
})

it("starts over when the key changes, and never shows what belongs to another key", async () => {
  const host = place("g")
  await pass(10)
  host.key = "h"
  await pass(0)
  assert.notStrictEqual(host.live.value, "g")
  await pass(10)
  assert.strictEqual(host.live.value, "h")
})

it("stops with its element", async () => {
  const host = place("i")
  await settle()
  host.remove()
  service.emit("dispatch", "1")
  await pass(100_000)
  assert.deepStrictEqual(asked, [])
  assert.strictEqual(service.followers, 0)
})
