import { assert, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { MachineAnswer, toMachine } from "../../../src/upstreams/fly/machine.ts"

const read = (answer: unknown) => toMachine(Schema.decodeUnknownSync(MachineAnswer)(answer))
const bare = { id: "148e21ea7e4228", state: "replacing" }

it("a machine is read from its id and state alone", () => {
  const expected = {
    ...bare,
    name: "",
    region: "",
    metadata: {},
    cpus: null,
    memoryMb: null,
    createdAt: null,
    updatedAt: null,
    startedAt: null,
    exit: null
  }
  assert.deepStrictEqual(read(bare), expected)
  assert.deepStrictEqual(read({ ...bare, config: null, events: null, created_at: "soon" }), expected)
})

it("a time of creation before there was Fly is unknown", () => {
  for (const created_at of ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "2015-06-01T00:00:00Z"]) {
    assert.isNull(read({ ...bare, created_at }).createdAt, created_at)
  }
  assert.isNotNull(read({ ...bare, created_at: "2026-06-01T00:00:00Z" }).createdAt)
})

it("a machine on a host that does not answer has its metadata in the incomplete configuration", () => {
  const metadata = { dispatch_id: "d-1" }
  assert.deepStrictEqual(read({ ...bare, incomplete_config: { metadata } }).metadata, metadata)
})

it("an event with an impossible time counts as very old", () => {
  const events = [
    { type: "exit", timestamp: 1e308 },
    { status: "started", timestamp: -1e308 }
  ]
  const { exit, startedAt } = read({ ...bare, events })
  assert.deepStrictEqual([exit?.at.epochMilliseconds, startedAt?.epochMilliseconds], [0, 0])
})

it("the last exit counts, in whatever order the events come", () => {
  const exit = (timestamp: number, exit_event: object) => ({
    type: "exit",
    timestamp,
    request: { exit_event }
  })
  const events = [
    exit(1000, { exit_code: 1 }),
    { type: "start", status: "started", timestamp: 1500 },
    exit(3000, { exit_code: 0, requested_stop: true }),
    { type: "start", status: "started", timestamp: 500 }
  ]
  const { exit: last, startedAt } = read({ ...bare, events })
  assert.deepInclude(last, { code: 0, requested: true, oomKilled: false })
  assert.strictEqual(last?.at.epochMilliseconds, 3000)
  assert.strictEqual(startedAt?.epochMilliseconds, 500)
})

it("an exit that the machine's monitor reports counts as well", () => {
  const request = { MonitorEvent: { exit_event: { exit_code: 137, oom_killed: true } } }
  const { exit } = read({ ...bare, events: [{ type: "exit", timestamp: 1, request }] })
  assert.deepInclude(exit, { code: 137, oomKilled: true, requested: false })
})

it("an exit without details is still an exit", () => {
  for (const request of [undefined, null, "text", { exit_event: { exit_code: "1" } }]) {
    assert.deepInclude(read({ ...bare, events: [{ type: "exit", timestamp: 1, request }] }).exit, {
      code: null,
      oomKilled: false
    })
  }
})

it("a size or time that is too large is left out, and the machine is still listed", () => {
  const times = ["+275760-09-13T00:00:00.000Z", "-271821-04-20T00:00:00.000Z"]
  for (const size of [2 ** 31, 2 ** 53, 1e308, -1, 0.5, "many", null]) {
    const guest = { cpus: size, memory_mb: size }
    for (const time of times) {
      const { cpus, createdAt, id, memoryMb, updatedAt } = read({
        ...bare,
        config: { guest },
        created_at: time,
        updated_at: time
      })
      assert.strictEqual(id, bare.id)
      assert.deepStrictEqual([cpus, memoryMb, createdAt, updatedAt], [null, null, null, null])
    }
  }
  const whole = read({ ...bare, config: { guest: { cpus: 2, memory_mb: 2 ** 31 - 1 } } })
  assert.deepStrictEqual([whole.cpus, whole.memoryMb], [2, 2 ** 31 - 1])
})
