import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { refused, setup } from "../support/flySandbox.ts"

const steps = (events: ReadonlyArray<{ type: string; status: string; source: string }>) =>
  events.map(({ source, status, type }) => `${type} ${status} ${source}`).reverse()

it.effect("a machine is created, starts, ends and stays readable", () =>
  Effect.gen(function* () {
    const { create, fly, get, list } = yield* setup({ start: "auto" })
    const metadata = { dispatch: "d-1" }
    const created = yield* create({ metadata }, { name: "ai-d-1", region: "ams" })
    assert.match(created.id, /^[0-9a-f]{14}$/)
    assert.deepInclude(created, { name: "ai-d-1", region: "ams", state: "created" })
    yield* TestClock.adjust("1 second")
    assert.strictEqual((yield* get(created.id)).state, "starting")
    yield* TestClock.adjust("1 second")
    assert.strictEqual((yield* get(created.id)).state, "started")
    yield* fly.exitMachine(created.id, { code: 137, oomKilled: true })
    const [seen] = yield* list()
    assert.strictEqual(seen?.state, "stopped")
    assert.deepStrictEqual(seen?.config.metadata, metadata)
    assert.deepStrictEqual(steps(seen?.events ?? []), [
      "launch created user",
      "start starting flyd",
      "start started flyd",
      "exit stopped flyd"
    ])
    assert.deepInclude(seen?.events[0]?.request?.exit_event, {
      exit_code: 137,
      oom_killed: true,
      requested_stop: false,
      restarting: false
    })
    assert.deepStrictEqual(fly.control.violations(), [])
  })
)

it.effect("a name is taken until its machine is destroyed", () =>
  Effect.gen(function* () {
    const { create, fly, machines, send, list, get } = yield* setup()
    const first = yield* create({}, { name: "ai-d-1" })
    const again = send("POST", machines, {
      body: { name: "ai-d-1", config: { image: "sessions" } }
    })
    yield* refused(422, `machine ID ${first.id} already exists with name "ai-d-1"`, again)
    fly.putApp("other")
    const elsewhere = yield* send("POST", "/apps/other/machines", {
      body: { name: "ai-d-1", config: { image: "sessions" } }
    })
    assert.strictEqual(elsewhere.status, 200)
    yield* send("DELETE", `${machines}/${first.id}`)
    yield* refused(422, "already exists", again)
    yield* TestClock.adjust("1 second")
    assert.deepStrictEqual(yield* list(), [])
    assert.lengthOf(yield* list("?include_deleted=true"), 1)
    assert.strictEqual((yield* get(first.id)).state, "destroyed")
    assert.strictEqual((yield* again).status, 200)
    assert.deepStrictEqual(fly.control.violations(), [])
  })
)

it.effect("a running machine is destroyed by force only, and once", () =>
  Effect.gen(function* () {
    const { create, fly, get, machines, send } = yield* setup()
    const { id } = yield* create()
    yield* fly.startMachine(id)
    const remove = (query = "") => send("DELETE", `${machines}/${id}${query}`)
    yield* refused(412, "unable to destroy machine, not currently stopped", remove())
    assert.strictEqual((yield* remove("?force=true")).status, 200)
    assert.strictEqual((yield* get(id)).state, "destroying")
    assert.strictEqual((yield* remove("?force=true")).status, 200)
    yield* TestClock.adjust("1 second")
    yield* refused(404, "machine not found", remove("?force=true"))
    yield* refused(404, "machine not found", send("GET", `${machines}/none`))
    yield* refused(404, "app not found", send("GET", "/apps/none/machines"))
    assert.deepStrictEqual(fly.control.violations(), [])
  })
)

it.effect("a stop takes a moment; what has not started cannot be stopped", () =>
  Effect.gen(function* () {
    const { create, fly, get, machines, send } = yield* setup()
    const { id } = yield* create()
    const stop = send("POST", `${machines}/${id}/stop`)
    yield* refused(412, "unable to stop machine from current state: 'created'", stop)
    yield* fly.startMachine(id)
    yield* stop
    assert.strictEqual((yield* get(id)).state, "stopping")
    yield* TestClock.adjust("1 second")
    const stopped = yield* get(id)
    assert.strictEqual(stopped.state, "stopped")
    assert.deepInclude(stopped.events[0]?.request?.exit_event, { exit_code: 0, requested_stop: true })
  })
)

it.effect("auto_destroy removes a machine that has ended", () =>
  Effect.gen(function* () {
    const { create, fly, get } = yield* setup()
    const { id } = yield* create({ auto_destroy: true })
    yield* fly.startMachine(id)
    yield* fly.exitMachine(id, { code: 0 })
    assert.strictEqual((yield* get(id)).state, "destroying")
    yield* TestClock.adjust("1 second")
    const gone = yield* get(id)
    assert.strictEqual(gone.state, "destroyed")
    assert.deepStrictEqual(steps(gone.events).slice(2), [
      "exit stopped flyd",
      "destroy destroying flyd",
      "destroy destroyed flyd"
    ])
  })
)

for (const [policy, code, state] of [
  ["no", 1, "stopped"],
  ["on-failure", 0, "stopped"],
  ["on-failure", 1, "started"],
  ["always", 0, "started"],
  [undefined, 1, "started"]
] as const) {
  it.effect(`restart policy ${policy ?? "unset"} and exit code ${code}: ${state}`, () =>
    Effect.gen(function* () {
      const { create, fly, get } = yield* setup({ start: "auto" })
      const { id } = yield* create({ restart: policy === undefined ? {} : { policy } })
      yield* TestClock.adjust("2 seconds")
      yield* fly.exitMachine(id, { code })
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual((yield* get(id)).state, state)
    })
  )
}

it.live("a wait returns when the state is reached, or with the state that was reached instead", () =>
  Effect.gen(function* () {
    const { create, fly, machines, send } = yield* setup()
    const { id, instance_id } = yield* create()
    const wait = (query: string) => send("GET", `${machines}/${id}/wait?${query}`)
    const waiting = yield* Effect.forkChild(wait(`state=settled&instance_id=${instance_id}`))
    yield* refused(
      408,
      "deadline_exceeded: machine failed to reach desired state, started, currently created",
      wait("timeout=1&state=started")
    )
    yield* fly.failMachine(id)
    const { body } = yield* Fiber.join(waiting)
    assert.deepInclude(body, { ok: true, state: "failed" })
    assert.strictEqual<unknown>(body.version, instance_id)
    yield* refused(400, "machine has no version", wait("instance_id=01"))
    assert.deepStrictEqual(fly.control.violations(), [])
  })
)

it.live("the name of an app is unique", () =>
  Effect.gen(function* () {
    const { create, fly, send } = yield* setup()
    yield* create()
    const make = (name: string) => send("POST", "/apps", { body: { name, org_slug: "acme" } })
    assert.strictEqual((yield* make("more")).status, 201)
    yield* refused(422, "Name has already been taken", make("more"))
    yield* refused(422, "lowercase letters", make("More!"))
    const { body } = yield* send("GET", "/apps?org_slug=acme")
    assert.deepInclude(body, { total_apps: 1 })
    const shown = yield* send("GET", "/apps/sessions")
    assert.deepInclude(shown.body, { name: "sessions", machine_count: 1, status: "deployed" })
    assert.deepStrictEqual(fly.control.violations(), [])
  })
)

for (const [what, body, status, error] of [
  ["no image", { config: {} }, 400, "image"],
  ["no configuration", {}, 400, "config is required"],
  ["CPUs that are not sold", { config: { image: "a", guest: { cpus: 3 } } }, 400, "config.guest.cpus: 3"],
  ["uneven memory", { config: { image: "a", guest: { memory_mb: 300 } } }, 400, "256 MiB increment"],
  [
    "too much memory",
    { config: { image: "a", guest: { cpus: 1, memory_mb: 4096 } } },
    400,
    "between 256 and 2048"
  ],
  ["a region that is not there", { region: "xyz", config: { image: "a" } }, 400, "region xyz"],
  ["a name in capitals", { name: "ENG-42", config: { image: "a" } }, 400, "lowercase"]
] as const) {
  it.live(`a machine with ${what} is refused`, () =>
    Effect.gen(function* () {
      const { fly, list, machines, send } = yield* setup()
      yield* refused(status, error, send("POST", machines, { body }))
      assert.deepStrictEqual(yield* list(), [])
      assert.deepStrictEqual(fly.control.violations(), [])
    })
  )
}

it.live("what breaks the contract, or is not modelled, is a violation", () =>
  Effect.gen(function* () {
    const { fly, machines, send } = yield* setup()
    const config = { image: "a", processes: [{ ignore_app_secret: true }] }
    yield* refused(
      400,
      "ignore_app_secret is not a permitted key",
      send("POST", machines, { body: { config } })
    )
    yield* refused(400, "query colour is not a parameter", send("GET", `${machines}?colour=red`))
    const files = [{ guest_path: "/a" }]
    yield* refused(501, "config.files", send("POST", machines, { body: { config: { image: "a", files } } }))
    yield* refused(501, "GET /v1/apps/sessions/volumes", send("GET", "/apps/sessions/volumes"))
    assert.lengthOf(fly.control.violations(), 4)
    fly.control.resetViolations()
  })
)

it.live("a machine can never start, fail to start, vanish or belong to another owner", () =>
  Effect.gen(function* () {
    const { create, fly, get, list, machines, send } = yield* setup()
    const [waits, fails, vanishes] = [yield* create(), yield* create(), yield* create()]
    yield* fly.failMachine(fails.id)
    yield* fly.vanish(vanishes.id)
    const foreign = yield* fly.putMachine({
      app: "sessions",
      name: "cron",
      metadata: { owner: "x" },
      age: 3_600_000
    })
    assert.deepStrictEqual(
      (yield* list()).map(({ id, state }) => [id, state]),
      [
        [waits.id, "created"],
        [fails.id, "failed"],
        [foreign.id, "started"]
      ]
    )
    assert.strictEqual((yield* get(fails.id)).events[0]?.status, "failed")
    yield* refused(404, "machine not found", send("GET", `${machines}/${vanishes.id}`))
    assert.strictEqual((yield* Effect.flip(fly.vanish(vanishes.id)))._tag, "Unknown")
    assert.deepStrictEqual(fly.control.violations(), [])
  })
)

it.live("the controls are open over HTTP too", () =>
  Effect.gen(function* () {
    const { create, fly, send } = yield* setup()
    const control = (method: "GET" | "POST" | "DELETE", path: string, body?: object) =>
      send(method, `/../_control/${path}`, body === undefined ? {} : { body })
    const { id } = yield* create({ env: { A: "1" } })
    assert.strictEqual((yield* control("POST", `machines/${id}/start`, {})).body.state, "started")
    const exited = yield* control("POST", `machines/${id}/exit`, { code: 3 })
    assert.deepInclude(exited.body.events[0]?.request?.exit_event, { exit_code: 3 })
    const { body } = yield* control("GET", `machines/${id}/environment`)
    assert.deepInclude(body, { A: "1", FLY_MACHINE_ID: id })
    assert.strictEqual((yield* control("POST", "machines", { app: "sessions", name: "cron" })).status, 201)
    assert.lengthOf(fly.machines("sessions"), 2)
    assert.strictEqual((yield* control("POST", "machines/none/start", {})).status, 404)
    assert.strictEqual((yield* control("POST", "rate-limits", { on: 1 })).status, 400)
  })
)
